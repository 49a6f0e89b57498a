import { hashSuffix } from '../../../lib/checks/manifests/hash-name';
import { deployment, findings, podTemplate } from '../support';

const job = (name: string | undefined, annotations: object = {}, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: 'shop', annotations, ...metadata },
  spec: { template: podTemplate(), ...spec },
});

test.each<[string, string | undefined]>([
  ['migrate-5f3a9c', '5f3a9c'],
  ['migrate-0123456789abcdef', '0123456789abcdef'],
  ['migrate-6g7h9k8tcm', '6g7h9k8tcm'],
  ['migrate-abcdefab', 'abcdefab'],
  ['migrate', undefined],
  ['migrate-facade', undefined],
  ['migrate-12345', undefined],
  ['upgrade-postgres15', undefined],
  ['release-v100200', undefined],
])('the hash of %s is %s', (name, hash) => {
  expect(hashSuffix(name)).toBe(hash);
});

describe('GIT-3', () => {
  const found = (given: object, gitops?: ('argocd' | 'flux')[]) => findings('GIT-3', [given], gitops && { gitops });
  const ARGO = { 'argocd.argoproj.io/sync-options': 'Force=true,Replace=true' };
  const FLUX = { 'kustomize.toolkit.fluxcd.io/force': 'enabled' };

  test.each<[string, object, string]>([
    [
      'a hook that all tools apply as any object',
      job('migrate', { 'helm.sh/hook': 'crd-install' }),
      'refused: the pod template of a Job is immutable, and the name migrate stays',
    ],
    ['a fixed name', job('migrate'), 'refused: the pod template of a Job is immutable, and the name migrate stays'],
    ['replaced by Argo CD alone', job('migrate', ARGO), 'refused in Flux: '],
    ['replaced by Flux alone', job('migrate', FLUX), 'refused in Argo CD: '],
    ['replaced without force', job('migrate', { ...FLUX, 'argocd.argoproj.io/sync-options': 'Replace=true' }), 'refused in Argo CD: '],
  ])('%s', (_, given, message) => {
    expect(found(given)).toMatchObject([{ severity: 'error', field: 'metadata.name', message: expect.stringContaining(message) }]);
  });

  test.each<[string, object]>([
    ['a hash in its name', job('migrate-5f3a9c1e')],
    ['a hook of Argo CD', job('migrate', { 'argocd.argoproj.io/hook': 'Sync' })],
    ['a hook of Helm', job('migrate', { 'helm.sh/hook': 'pre-upgrade,post-install' }, { ttlSecondsAfterFinished: 60 })],
    ['replaced by both', job('migrate', { ...ARGO, ...FLUX })],
    [
      'made by a CronJob',
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'a' },
        spec: { jobTemplate: { spec: { ttlSecondsAfterFinished: 60 } } },
      },
    ],
  ])('%s is well', (_, given) => {
    expect(found(given)).toEqual([]);
  });

  test('replaced by the only tool there is', () => {
    expect([
      found(job('migrate', ARGO), ['argocd']).length,
      found(job('migrate', ARGO), ['flux']).length,
      found(job('migrate'), []).length,
    ]).toEqual([0, 1, 1]);
  });

  test("cdk8s's hash is of the path", () => {
    expect(found(job('shop-migrate-c8694308'))).toMatchObject([
      { severity: 'warning', message: expect.stringContaining("looks like cdk8s's") },
    ]);
  });

  test('no name', () => {
    const given = (annotations: object) => job(undefined, annotations, {}, { generateName: 'migrate-' });
    expect(found(given({}))).toMatchObject([{ severity: 'error', field: 'metadata.generateName' }]);
    expect(found(given({ 'argocd.argoproj.io/hook': 'PreSync' }))).toEqual([]);
    expect(found(given({ 'argocd.argoproj.io/hook': 'PreSync' }), ['flux'])).toHaveLength(1);
  });

  test('a Job that vanishes is run again', () => {
    const given = job('migrate-5f3a9c1e', {}, { ttlSecondsAfterFinished: 60 });
    expect(found(given)).toMatchObject([
      { severity: 'warning', message: 'it is deleted 60 s after it ended, and Argo CD and Flux would run it again' },
    ]);
    expect(found(given, [])).toEqual([]);
  });
});

describe('GIT-4', () => {
  const claim = (wave?: string) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'shop', annotations: wave ? { [WAVE]: wave } : {} },
  });
  const config = (annotations: object = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'config', namespace: 'shop', annotations },
  });
  const WAVE = 'argocd.argoproj.io/sync-wave';
  const CLAIM = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] };
  const CONFIG = { volumes: [{ name: 'config', configMap: { name: 'config' } }] };
  const app = (spec: object, annotations: object = {}) =>
    deployment({}, spec, { metadata: { name: 'app', namespace: 'shop', annotations } });
  const hook = (annotations: object) => job('migrate', annotations, { template: podTemplate({}, CONFIG) });
  const messages = (objects: object[], options: object = {}) => findings('GIT-4', objects, options).map(({ message }) => message);

  test('a claim before what uses it', () => {
    expect(messages([claim('-1'), app(CLAIM)])).toEqual([
      'the claim is in wave -1, and is bound only when Deployment shop/app of wave 0 uses it',
    ]);
    expect(messages([claim('-1'), app(CLAIM)], { gitops: ['flux'] })).toEqual([]);
  });

  test.each<[string, object[]]>([
    ['beside what uses it', [claim(), app(CLAIM)]],
    ['of no use here', [claim('-1'), app({})]],
    [
      'that something of its own wave uses',
      [claim('-1'), app(CLAIM, { [WAVE]: '-1' }), { ...app(CLAIM), metadata: { name: 'other', namespace: 'shop' } }],
    ],
  ])('a claim %s', (_, objects) => {
    expect(messages(objects)).toEqual([]);
  });

  test('a pod before its configuration', () => {
    expect(messages([config({ [WAVE]: '1' }), app(CONFIG)])).toEqual([
      'it is in wave 0 and needs ConfigMap shop/config of wave 1, which waits for it',
    ]);
    expect(messages([config({ [WAVE]: '-1' }), app(CONFIG)])).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['of Argo CD', { 'argocd.argoproj.io/hook': 'PreSync' }, 'error'],
    ['of Helm', { 'helm.sh/hook': 'pre-install,pre-upgrade' }, 'error'],
    ['of Helm, at upgrades alone', { 'helm.sh/hook': 'pre-upgrade' }, 'warning'],
  ])('a hook %s that needs what comes after it', (_, annotations, severity) => {
    expect(findings('GIT-4', [config(), hook(annotations)])).toMatchObject([
      {
        severity,
        message: 'this hook runs before anything is applied, and needs ConfigMap shop/config, which is not there at the first time',
      },
    ]);
  });

  test('a hook that needs another', () => {
    const early = (weight: string) => config({ 'helm.sh/hook': 'pre-install', 'helm.sh/hook-weight': weight });
    const install = hook({ 'helm.sh/hook': 'pre-install' });
    expect(messages([early('-5'), install])).toEqual([]);
    expect(messages([early('5'), install])).toEqual(['this hook is in wave 0, and needs ConfigMap shop/config of wave 5']);
    expect(messages([config(), hook({ 'helm.sh/hook': 'post-install' }), hook({ 'helm.sh/hook': 'test' })])).toEqual([]);
  });

  test('a CronJob is healthy whatever its pods wait for', () => {
    const cron = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'a', namespace: 'shop' } };
    const spec = { jobTemplate: { spec: { template: podTemplate({}, CONFIG) } } };
    expect(messages([config({ [WAVE]: '1' }), { ...cron, spec }])).toEqual([]);
  });

  test('what may be missing', () => {
    const optional = { volumes: [{ name: 'config', configMap: { name: 'config', optional: true } }] };
    expect(messages([config({ [WAVE]: '1' }), app(optional)])).toEqual([]);
  });
});
