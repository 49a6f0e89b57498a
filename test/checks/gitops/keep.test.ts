import { findings } from '../support';

const ARGOCD = 'argocd.argoproj.io/sync-options';
const FLUX = 'kustomize.toolkit.fluxcd.io';
const object = (kind: string, annotations: object = {}, more: object = {}) => ({
  apiVersion: kind === 'StatefulSet' ? 'apps/v1' : 'v1',
  kind,
  metadata: { name: 'orders', namespace: 'shop', annotations, ...more },
});
const both = { [ARGOCD]: 'Prune=false,Delete=false', [`${FLUX}/prune`]: 'disabled' };

describe('GIT-1', () => {
  test.each<[string, string, object, string]>([
    ['StatefulSet', 'Flux', { [`${FLUX}/force`]: 'enabled' }, 'Flux deletes it when a change is refused'],
    [
      'PersistentVolumeClaim',
      'Argo CD',
      { [ARGOCD]: 'Force=true,Replace=true' },
      'Argo CD deletes it to apply a change, and with it the volume',
    ],
    ['Namespace', 'Argo CD', { [ARGOCD]: 'Prune=false, Replace=true' }, 'Argo CD replaces it whole'],
    [
      'CustomResourceDefinition',
      'Argo CD',
      { [ARGOCD]: 'Force=true' },
      'Argo CD deletes it to apply a change, and with it every object of the kind',
    ],
  ])('%s, %s', (kind, _, annotations, message) => {
    expect(findings('GIT-1', [object(kind, annotations)])).toMatchObject([
      { severity: 'error', message: expect.stringContaining(message) },
    ]);
  });

  test('as a label, which Flux reads too', () => {
    const [finding] = findings('GIT-1', [object('StatefulSet', {}, { labels: { [`${FLUX}/force`]: 'Enabled' } })]);
    expect(finding?.field).toBe(`metadata.labels['${FLUX}/force']`);
  });

  test.each<[string, object]>([
    ['a Job', object('Job', { [ARGOCD]: 'Force=true,Replace=true', [`${FLUX}/force`]: 'enabled' })],
    ['a large CustomResourceDefinition', object('CustomResourceDefinition', { [ARGOCD]: 'Replace=true' })],
    ['what says the default', object('StatefulSet', { [ARGOCD]: 'Force=false', [`${FLUX}/force`]: 'disabled' })],
  ])('not %s', (_, given) => {
    expect(findings('GIT-1', [given])).toEqual([]);
  });

  test('only of the tool that applies it', () => {
    const given = [object('StatefulSet', { [ARGOCD]: 'Force=true', [`${FLUX}/force`]: 'enabled' })];
    expect(findings('GIT-1', given, { gitops: ['argocd'] })).toMatchObject([{ message: expect.stringMatching(/^Argo CD/) }]);
    expect(findings('GIT-1', given, { gitops: ['flux'] })).toMatchObject([{ message: expect.stringMatching(/^Flux/) }]);
  });

  test('of all objects of a Kustomization or an Application, for a reviewer to judge', () => {
    const flux = { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', metadata: { name: 'a' }, spec: { force: true } };
    const argo = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'a' },
      spec: { syncPolicy: { syncOptions: ['CreateNamespace=true', 'Replace=true'] } },
    };
    expect(findings('GIT-1', [flux, argo])).toMatchObject([
      { severity: 'warning', field: 'spec.force' },
      { severity: 'warning', field: 'spec.syncPolicy.syncOptions[1]' },
    ]);
  });
});

describe('GIT-2', () => {
  test.each<[object, string]>([
    [{}, 'Argo CD prunes and deletes, and Flux prunes it'],
    [{ [ARGOCD]: 'Prune=false' }, 'Argo CD deletes, and Flux prunes it'],
    [{ ...both, [ARGOCD]: 'Delete=false' }, 'Argo CD prunes it'],
    [{ ...both, [`${FLUX}/prune`]: 'enabled' }, 'Flux prunes it'],
    [{ 'helm.sh/resource-policy': 'keep', [`${FLUX}/prune`]: 'disabled' }, 'Argo CD prunes it'],
  ])('a claim with %j', (annotations, message) => {
    expect(findings('GIT-2', [object('PersistentVolumeClaim', annotations)])).toMatchObject([{ severity: 'warning', message }]);
  });

  test.each<object>([
    both,
    { ...both, [ARGOCD]: 'ServerSideApply=true, Prune=confirm , Delete=confirm' },
    { [ARGOCD]: 'Prune=false', 'helm.sh/resource-policy': 'keep', [`${FLUX}/prune`]: 'disabled' },
  ])('a claim with %j is kept', (annotations) => {
    expect(findings('GIT-2', [object('PersistentVolumeClaim', annotations)])).toEqual([]);
  });

  test('names what the tool needs, and nothing of the other', () => {
    const fixes = (gitops: ('argocd' | 'flux')[]) => findings('GIT-2', [object('Namespace')], { gitops }).map(({ fix }) => fix);
    expect([fixes(['argocd']), fixes(['flux']), fixes([])]).toEqual([
      [`annotate it with ${ARGOCD}: Prune=false,Delete=false`],
      [`annotate it with ${FLUX}/prune: disabled`],
      [],
    ]);
  });

  const set = (annotations: object, template?: object) => ({
    ...object('StatefulSet', annotations),
    spec: { volumeClaimTemplates: template ? [{ metadata: { name: 'data', ...template } }] : [] },
  });
  const tracked = { labels: { 'app.kubernetes.io/instance': 'orders' } };

  test('a StatefulSet without claims holds no data', () => {
    expect([findings('GIT-2', [set({})]).length, findings('GIT-2', [set({}, {})]).length]).toEqual([0, 1]);
  });

  test('claims that Argo CD would take for its own', () => {
    expect(findings('GIT-2', [set(both, tracked)])).toMatchObject([
      { field: 'spec.volumeClaimTemplates', message: expect.stringContaining('claims of data') },
    ]);
    expect(findings('GIT-2', [set(both, { ...tracked, annotations: both })])).toEqual([]);
    expect(findings('GIT-2', [set(both, { labels: { app: 'orders' } })])).toEqual([]);
    expect(findings('GIT-2', [set(both, tracked)], { gitops: ['flux'] })).toEqual([]);
  });
});
