import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { ArgoApplication, type ArgoApplicationProps, ConstructError, FluxKustomization, type FluxKustomizationProps } from '../../lib';
import { emptyChart, type Json, outcomeOf } from '../support';
import { schemaOf, violations } from './support';

const ARGO = { repository: 'https://git.example.com/shop/deploy.git', path: 'dist/orders-postgres' };
const FLUX: FluxKustomizationProps = { source: { kind: 'GitRepository', name: 'deploy' }, path: 'dist/orders-postgres' };

const argo = (props: object = {}, id = 'orders'): Json => {
  const chart = emptyChart('shop');
  new ArgoApplication(chart, id, { ...ARGO, ...props });
  return chart.toJson()[0];
};
const flux = (props: object = {}, id = 'orders'): Json => {
  const chart = emptyChart('shop');
  new FluxKustomization(chart, id, { ...FLUX, ...props });
  return chart.toJson()[0];
};

const EVERY_ARGO: Required<ArgoApplicationProps> = {
  ...ARGO,
  revision: 'v1.2.3',
  name: 'orders-production',
  namespace: 'gitops',
  project: 'databases',
  destination: { name: 'production', namespace: 'shop' },
  automated: { prune: false, selfHeal: false },
  onDelete: 'delete',
  createNamespace: true,
  ignoreDifferences: [
    {
      kind: 'Deployment',
      group: 'apps',
      name: 'web',
      namespace: 'shop',
      jsonPointers: ['/spec/replicas'],
      jqPathExpressions: ['.a'],
      managedFieldsManagers: ['hpa'],
    },
  ],
  retry: { limit: 2, wait: Duration.seconds(30), longestWait: Duration.hours(1) },
  syncOptions: ['FailOnSharedResource=true'],
};

const EVERY_FLUX: Required<FluxKustomizationProps> = {
  source: { kind: 'OCIRepository', name: 'deploy', namespace: 'sources' },
  path: '.',
  name: 'orders-production',
  namespace: 'gitops',
  prune: false,
  onDelete: 'delete',
  interval: Duration.hours(2),
  retryInterval: Duration.seconds(90),
  wait: false,
  timeout: Duration.minutes(3),
  dependsOn: [{ name: 'crds' }, { name: 'crds', namespace: 'other' }],
  serviceAccountName: 'deployer',
  sopsSecretName: 'sops-age',
  suspend: true,
};

test('an Application, by default', () => {
  expect(argo()).toEqual({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'orders', namespace: 'argocd', annotations: { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' } },
    spec: {
      project: 'default',
      source: { repoURL: ARGO.repository, path: ARGO.path, targetRevision: 'HEAD', directory: { recurse: true } },
      destination: { server: 'https://kubernetes.default.svc' },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: ['ServerSideApply=true', 'RespectIgnoreDifferences=true', 'PruneLast=true'],
        retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '5m' } },
      },
    },
  });
});

test('an Application, with everything', () => {
  expect(argo(EVERY_ARGO)).toMatchObject({
    metadata: { name: 'orders-production', namespace: 'gitops', finalizers: ['resources-finalizer.argocd.argoproj.io'] },
    spec: {
      project: 'databases',
      source: { targetRevision: 'v1.2.3' },
      destination: { name: 'production', namespace: 'shop' },
      ignoreDifferences: EVERY_ARGO.ignoreDifferences,
      syncPolicy: {
        automated: {}, // at once, and no more
        syncOptions: [
          'ServerSideApply=true',
          'RespectIgnoreDifferences=true',
          'PruneLast=true',
          'CreateNamespace=true',
          'FailOnSharedResource=true',
        ],
        retry: { limit: 2, backoff: { duration: '30s', maxDuration: '1h' } },
      },
    },
  });
  expect(argo(EVERY_ARGO).spec.destination).not.toHaveProperty('server');
});

test('somebody presses the button, and nothing is tried again', () => {
  expect(argo({ automated: false, retry: { limit: 0 } }).spec.syncPolicy).toEqual({
    syncOptions: ['ServerSideApply=true', 'RespectIgnoreDifferences=true', 'PruneLast=true'],
  });
});

test('a Kustomization, by default', () => {
  expect(flux()).toEqual({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'orders', namespace: 'flux-system' },
    spec: {
      sourceRef: { kind: 'GitRepository', name: 'deploy' },
      path: './dist/orders-postgres',
      interval: '10m',
      retryInterval: '2m',
      timeout: '10m',
      wait: true,
      prune: true,
      deletionPolicy: 'Orphan',
      force: false,
    },
  });
});

test('a Kustomization, with everything', () => {
  expect(flux(EVERY_FLUX)).toMatchObject({
    metadata: { name: 'orders-production', namespace: 'gitops' },
    spec: {
      sourceRef: EVERY_FLUX.source,
      path: './',
      interval: '2h',
      retryInterval: '90s',
      timeout: '3m',
      wait: false,
      prune: false,
      deletionPolicy: 'Delete',
      force: false,
      dependsOn: EVERY_FLUX.dependsOn,
      serviceAccountName: 'deployer',
      decryption: { provider: 'sops', secretRef: { name: 'sops-age' } },
      suspend: true,
    },
  });
});

describe.each([
  ['argoproj.io_application', 'v1alpha1', [argo(), argo(EVERY_ARGO), argo({ automated: false, retry: { limit: 0 } })]],
  ['kustomize.toolkit.fluxcd.io_kustomization', 'v1', [flux(), flux(EVERY_FLUX)]],
])('%s %s', (crd, version, objects) => {
  const schema = schemaOf(crd, version);
  (schema ? test : test.skip)('is as its definition says', () => {
    for (const object of objects) expect(violations(object, schema)).toEqual([]);
    const broken = structuredClone(objects[0]);
    Object.assign(broken.spec, { prunes: true, destination: 1, interval: 'soon' });
    expect(violations(broken, schema).length).toBeGreaterThan(1);
  });
});

/** Code, what is given, and how the sentence goes on after the construct's path. */
type Row = [code: string, given: object, ...sentence: string[]];

const ARGO_REFUSED: Row[] = [
  ['OptionUnknown', { repoURL: 'x' }, 'repoURL is ', 'must be written repository'],
  ['TextInvalid', { path: 1 }, 'path is 1'],
  ['BooleanInvalid', { automated: { prune: 'yes' } }, 'automated.prune is "yes"'],
  ['NameInvalid', { name: 'Orders_1' }, 'name is "Orders_1"'],
  ['NameInvalid', { namespace: 'a/b' }, 'namespace is "a/b"'],
  ['NameInvalid', { project: '' }, 'project is ""'],
  ['RepositoryMissing', { repository: undefined }, 'repository is missing'],
  ['RepositoryInvalid', { repository: 'shop/deploy' }, 'repository is "(not shown)"', 'an address that Git knows'],
  ['RepositoryHasPassword', { repository: 'https://bot:hunter2@git.example.com/a.git' }, 'repository is "(not shown)"', 'Secret'],
  ['PathInvalid', { path: undefined }, 'path is missing'],
  ['PathInvalid', { path: '/dist' }, 'path is "/dist"'],
  ['PathInvalid', { path: 'dist/' }, 'path is "dist/"'],
  ['PathInvalid', { path: '../other' }, 'path is "../other"'],
  ['RevisionInvalid', { revision: 'a b' }, 'revision is "a b"'],
  ['DestinationAmbiguous', { destination: { name: 'a', server: 'https://a' } }, 'destination.name is "a"'],
  ['ServerInvalid', { destination: { server: 'kubernetes' } }, 'destination.server is "kubernetes"'],
  ['NameInvalid', { destination: { namespace: 'A' } }, 'destination.namespace is "A"'],
  ['NamespaceMissing', { createNamespace: true }, 'destination.namespace is missing'],
  ['ValueUnknown', { onDelete: 'orphan' }, 'onDelete is "orphan"', "one of 'keep', 'delete'"],
  ['KindMissing', { ignoreDifferences: [{ jsonPointers: ['/a'] }] }, 'ignoreDifferences[0].kind is missing'],
  ['IgnoredDifferenceEmpty', { ignoreDifferences: [{ kind: 'Job' }] }, 'ignoreDifferences[0].jsonPointers is missing'],
  [
    'JsonPointerInvalid',
    { ignoreDifferences: [{ kind: 'Job', jsonPointers: ['/a', 'spec'] }] },
    'ignoreDifferences[0].jsonPointers[1] is "spec"',
  ],
  ['RetryLimitInvalid', { retry: { limit: -1 } }, 'retry.limit is -1'],
  ['DurationUnsuitable', { retry: { wait: Duration.millis(500) } }, 'retry.wait is 500 millis'],
  ['DurationUnsuitable', { retry: { longestWait: Duration.seconds(0) } }, 'retry.longestWait is '],
  ['SyncOptionInvalid', { syncOptions: ['PruneLast'] }, 'syncOptions[0] is "PruneLast"'],
  ['SyncOptionOwned', { syncOptions: ['ServerSideApply=false'] }, 'syncOptions[0] is "ServerSideApply=false"'],
  ['SyncOptionDestructive', { syncOptions: ['Validate=false', 'Replace=true'] }, 'syncOptions[1] is "Replace=true"', 'StatefulSets'],
  ['SyncOptionDestructive', { syncOptions: ['Force=true'] }, 'syncOptions[0] is "Force=true"'],
];

const FLUX_REFUSED: Row[] = [
  ['OptionUnknown', { targetNamespace: 'shop' }, 'targetNamespace is '],
  ['OptionUnknown', { postBuild: { substitute: {} } }, 'postBuild is '],
  ['OptionUnknown', { force: true }, 'force is true'],
  ['NameInvalid', { name: 'Orders_1' }, 'name is "Orders_1"'],
  ['NameInvalid', { namespace: 'A' }, 'namespace is "A"'],
  ['SourceMissing', { source: undefined }, 'source is missing'],
  ['SourceKindMissing', { source: { name: 'deploy' } }, 'source.kind is missing'],
  ['ValueUnknown', { source: { kind: 'HelmRepository', name: 'a' } }, 'source.kind is "HelmRepository"'],
  ['SourceNameMissing', { source: { kind: 'Bucket' } }, 'source.name is missing'],
  ['NameInvalid', { source: { kind: 'Bucket', name: 'a b' } }, 'source.name is "a b"'],
  ['NameInvalid', { source: { kind: 'Bucket', name: 'a', namespace: 'B' } }, 'source.namespace is "B"'],
  ['PathInvalid', { path: './dist' }, 'path is "./dist"'],
  ['ValueUnknown', { onDelete: 'Orphan' }, 'onDelete is "Orphan"'],
  ['DurationInvalid', { interval: '10m' }, 'interval is "10m"'],
  ['DurationUnsuitable', { interval: Duration.seconds(30) }, 'interval is 30 seconds', 'at least 60'],
  ['DurationUnsuitable', { retryInterval: Duration.seconds(0) }, 'retryInterval is '],
  ['DurationUnsuitable', { timeout: Duration.millis(1500) }, 'timeout is '],
  ['NameInvalid', { serviceAccountName: 'A' }, 'serviceAccountName is "A"'],
  ['NameInvalid', { sopsSecretName: 'A' }, 'sopsSecretName is "A"'],
  ['DependencyNameMissing', { dependsOn: [{}] }, 'dependsOn[0].name is missing'],
  ['NameInvalid', { dependsOn: [{ name: 'A' }] }, 'dependsOn[0].name is "A"'],
  ['NameInvalid', { dependsOn: [{ name: 'a', namespace: 'A' }] }, 'dependsOn[0].namespace is "A"'],
  ['DependsOnItself', { dependsOn: [{ name: 'a' }, { name: 'orders', namespace: 'flux-system' }] }, 'dependsOn[1].name is "orders"'],
];

describe.each([
  ['Application', argo, ARGO_REFUSED],
  ['Kustomization', flux, FLUX_REFUSED],
])('%s: what is wrong is refused in one sentence', (_, make, rows) => {
  test.each(rows)('%s: %j', (code, given, ...sentence) => {
    const error = outcomeOf(() => make(given)) as ConstructError;
    expect(error).toBeInstanceOf(ConstructError);
    expect(error.code).toBe(code);
    expect(error.message.startsWith(`test/orders: ${sentence[0]}`) || error.message).toBe(true);
    for (const part of sentence) expect(error.message).toContain(part);
    expect(error.message).not.toMatch(/\n|\[object|undefined|hunter2/);
  });

  test('an id that is no name', () => {
    expect(() => make({}, 'Orders')).toThrow('the construct id, which is the default of name, is "Orders"');
  });
});

test('each code has a row', () => {
  const folder = join(__dirname, '../../lib/gitops/validation');
  const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const codes = [...sources.join('\n').matchAll(/\brefuse\('(\w+)'/g)].map(([, code]) => code);
  const rows = [...ARGO_REFUSED, ...FLUX_REFUSED].map(([code]) => code);
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !rows.includes(code as string))).toEqual([]);
});

test.each([
  'git@git.example.com:shop/deploy.git',
  'ssh://git@git.example.com/a.git',
  'oci://registry.example.com/a',
  'https://bot@git.example.com/a.git',
])('the repository may be %s', (repository) => {
  expect(argo({ repository }).spec.source.repoURL).toBe(repository);
});
