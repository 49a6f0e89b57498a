import { deployment, findings } from '../support';

const configMap = (data: object, annotations: object = {}, name = 'app') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop', annotations },
  data,
});

describe('GIT-5', () => {
  const OFF = { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' };

  test.each<[string, object, string]>([
    ['a script', configMap({ 'a.sh': 'x', 'b.sh': 'echo ${NAME}' }), "data['b.sh']"],
    ['what makes Flux fail', configMap({ 'b.sh': 'echo "${list[@]}"' }), "data['b.sh']"],
    ['a command', deployment({ args: ['-c', 'echo ${NAME:-x}'] }), 'spec.template.spec.containers[0].args[1]'],
    [
      'a probe',
      deployment({ livenessProbe: { exec: { command: ['echo ${A}'] } } }),
      'spec.template.spec.containers[0].livenessProbe.exec.command[0]',
    ],
  ])('%s', (_, object, field) => {
    expect(findings('GIT-5', [object])).toMatchObject([{ severity: 'warning', field }]);
    expect(findings('GIT-5', [object], { gitops: ['argocd'] })).toEqual([]);
  });

  test.each<[string, object]>([
    ['told to leave it', configMap({ a: '${NAME}' }, OFF)],
    ['told so by a label', { ...configMap({ a: '${NAME}' }), metadata: { name: 'app', labels: OFF } }],
    ['escaped', configMap({ a: '$${NAME} $NAME $(NAME)' })],
    ['for Kubernetes', deployment({ args: ['$(NAME)'] })],
    [
      'for Flux',
      { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'a' }, spec: { rules: [{ host: '${DOMAIN}' }] } },
    ],
  ])('%s', (_, object) => {
    expect(findings('GIT-5', [object])).toEqual([]);
  });
});

describe('GIT-6: objects', () => {
  const PATRONI = 'scope: orders\nkubernetes:\n  use_endpoints: true\n';
  const endpoints = (name: string) => ({ apiVersion: 'v1', kind: 'Endpoints', metadata: { name, namespace: 'shop' } });
  const service = (selector?: object) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { selector },
  });
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'db-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'db' } },
  };
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'leader', namespace: 'shop' } };
  const environment = (...names: string[]) =>
    deployment({
      env: ['PATRONI_KUBERNETES_LABELS', ...names].map((name) => ({ name, value: name === 'PATRONI_SCOPE' ? 'orders' : 'true' })),
    });

  test.each<[string, object[], string]>([
    ["Patroni's lock", [configMap({ p: PATRONI }), endpoints('orders')], 'Patroni keeps the state of orders in it'],
    [
      "Patroni's configuration",
      [configMap({ p: PATRONI.replace('true', 'false') }), configMap({}, {}, 'orders-config')],
      'Patroni keeps the state of orders in it',
    ],
    ['by the environment', [environment('PATRONI_SCOPE'), configMap({}, {}, 'orders-sync')], 'Patroni keeps the state of orders in it'],
    [
      'by the environment, with Endpoints',
      [environment('PATRONI_SCOPE', 'PATRONI_KUBERNETES_USE_ENDPOINTS'), endpoints('orders-config')],
      'Patroni keeps the state of orders in it',
    ],
    ['where it is not told which it uses', [environment('PATRONI_SCOPE'), endpoints('orders')], 'Patroni keeps the state of orders in it'],
    ['a lease', [lease], 'whoever holds the lease renews it'],
    ['addresses of pods', [service({ app: 'db' }), endpoints('db')], 'Kubernetes writes the addresses of the pods that Service db selects'],
    [
      'addresses of pods, in a slice',
      [service({ app: 'db' }), slice],
      'Kubernetes writes the addresses of the pods that Service db selects',
    ],
  ])('%s', (_, objects, message) => {
    expect(findings('GIT-6', objects)).toMatchObject([{ severity: 'error', field: '', message: expect.stringContaining(message) }]);
  });

  test.each<[string, object[]]>([
    ['addresses by hand', [service(), endpoints('db')]],
    ['addresses by hand, in a slice', [service({}), slice]],
  ])('%s are left out by Argo CD', (_, objects) => {
    expect(findings('GIT-6', objects)).toMatchObject([{ severity: 'warning', message: expect.stringContaining('leaves out every') }]);
    expect(findings('GIT-6', objects, { gitops: ['flux'] })).toEqual([]);
  });

  test.each<[string, object[]]>([
    ['of Patroni that uses Endpoints', [configMap({ p: PATRONI }), configMap({}, {}, 'orders-config')]],
    [
      'of another namespace',
      [
        configMap({ p: PATRONI.replace('true', 'false') }),
        { ...configMap({}, {}, 'orders-config'), metadata: { name: 'orders-config', namespace: 'till' } },
      ],
    ],
    ['of a program with a scope of its own', [configMap({ p: 'scope: orders\n' }), configMap({}, {}, 'orders-config')]],
  ])('a ConfigMap %s', (_, objects) => {
    expect(findings('GIT-6', objects)).toEqual([]);
  });
});

describe('GIT-6: fields', () => {
  const found = (changes: object, metadata: object = {}) =>
    findings('GIT-6', [{ ...(deployment() as object), metadata: { name: 'app', namespace: 'shop', ...metadata }, ...changes }]).map(
      ({ field, severity }) => [field, severity],
    );

  test.each<[object, object, [string, string][]]>([
    [{ status: {} }, {}, [['status', 'warning']]],
    [
      {},
      { managedFields: [{}], resourceVersion: '1', uid: 'a' },
      [
        ['metadata.managedFields', 'error'],
        ['metadata.resourceVersion', 'error'],
        ['metadata.uid', 'error'],
      ],
    ],
    [{}, { creationTimestamp: null }, [['metadata.creationTimestamp', 'warning']]],
    [
      { spec: { template: { metadata: { creationTimestamp: null }, spec: {} } } },
      {},
      [['spec.template.metadata.creationTimestamp', 'warning']],
    ],
    [{}, { managedFields: [], resourceVersion: '' }, []],
  ])('%j %j', (changes, metadata, fields) => {
    expect(found(changes, metadata)).toEqual(fields);
  });

  test('of a claim template', () => {
    const set = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'a' },
      spec: { volumeClaimTemplates: [{ metadata: { creationTimestamp: null } }] },
    };
    expect(findings('GIT-6', [set])).toMatchObject([{ field: 'spec.volumeClaimTemplates[0].metadata.creationTimestamp' }]);
  });

  test('what controller-gen writes into every CustomResourceDefinition', () => {
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'a', creationTimestamp: null },
      status: { conditions: [] },
    };
    expect(findings('GIT-6', [crd])).toEqual([]);
  });
});

describe('GIT-7', () => {
  const scaler = (target: object, kind = 'HorizontalPodAutoscaler') => ({
    apiVersion: 'autoscaling/v2',
    kind,
    metadata: { name: 'app', namespace: 'shop' },
    spec: { scaleTargetRef: target },
  });
  const TARGET = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app' };

  test.each<[string, object]>([
    ['HorizontalPodAutoscaler', scaler(TARGET)],
    ['ScaledObject', scaler({ name: 'app' }, 'ScaledObject')],
  ])('%s', (kind, object) => {
    expect(findings('GIT-7', [deployment(), object])).toMatchObject([
      {
        severity: 'error',
        object: 'Deployment shop/app',
        field: 'spec.replicas',
        message: expect.stringContaining(`replicas is 1, and ${kind} shop/app changes it`),
      },
    ]);
  });

  test.each<[string, object[]]>([
    ['without replicas', [{ ...(deployment() as object), spec: {} }, scaler(TARGET)]],
    ['that nothing scales', [deployment(), scaler({ ...TARGET, name: 'other' })]],
    ['of another kind', [deployment(), scaler({ ...TARGET, kind: 'StatefulSet' })]],
  ])('a workload %s', (_, objects) => {
    expect(findings('GIT-7', objects)).toEqual([]);
  });
});

describe('GIT-8', () => {
  const SERVER = { 'argocd.argoproj.io/sync-options': 'ServerSideApply=true' };
  const of = (bytes: number, annotations: object = {}) => findings('GIT-8', [configMap({ a: 'x'.repeat(bytes) }, annotations)]);

  test.each<[number, string, string]>([
    [220_000, 'warning', 'is soon refused by kubectl apply'],
    [300_000, 'warning', 'is refused by kubectl apply'],
    [1_100_000, 'error', 'ConfigMap of 1Mi: the API server refuses more than 1Mi'],
  ])('%i bytes', (bytes, severity, message) => {
    expect(of(bytes)).toMatchObject([{ severity, message: expect.stringContaining(message) }]);
  });

  test('an object that etcd refuses', () => {
    const crd = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, spec: { a: 'x'.repeat(1_600_000) } };
    expect(findings('GIT-8', [crd])).toMatchObject([{ severity: 'error', message: expect.stringContaining('etcd refuses') }]);
  });

  test('bytes count, and not characters or their encoding', () => {
    const binary = { ...configMap({}, SERVER), binaryData: { a: 'A'.repeat(1_200_000) } };
    const umlauts = configMap({ a: 'ä'.repeat(600_000) }, SERVER);
    expect([findings('GIT-8', [binary]).length, findings('GIT-8', [umlauts]).length]).toEqual([0, 1]);
  });

  test('small, or applied by the server', () => {
    expect([...of(100_000), ...of(300_000, SERVER)]).toEqual([]);
    expect(findings('GIT-8', [configMap({ a: 'x'.repeat(300_000) })], { gitops: ['flux'] })).toEqual([]);
  });
});
