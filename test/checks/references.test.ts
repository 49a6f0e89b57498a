import { autoscaler, configMap, object, statefulSet } from './objects';
import { deployment, findings } from './support';

const found = (objects: object[], options = {}) => findings('REF-1', objects, options);
const from = (valueFrom: object) => deployment({ env: [{ name: 'A', valueFrom }] });
const secretKey = from({ secretKeyRef: { name: 'login', key: 'password' } });
const volume = (source: object) => deployment({}, { volumes: [{ name: 'v', ...source }] });
const rbac = 'rbac.authorization.k8s.io';
const binding = (roleRef: object, subjects: object[] = []) => object(`${rbac}/v1`, 'RoleBinding', 'b', { roleRef, subjects });
const route = (backendRef: object) =>
  object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'r', { spec: { rules: [{ backendRefs: [backendRef] }] } });
const ingress = (spec: object, annotations = {}) => object('networking.k8s.io/v1', 'Ingress', 'i', { spec }, { annotations });
const monitor = (endpoint: object) => object('monitoring.coreos.com/v1', 'ServiceMonitor', 'm', { spec: { endpoints: [endpoint] } });

describe('REF-1: what is named and is not there', () => {
  test.each<[string, object, string]>([
    ['a Secret', secretKey, 'Secret shop/login'],
    ['a ConfigMap', deployment({ envFrom: [{ configMapRef: { name: 'settings' } }] }), 'ConfigMap shop/settings'],
    ['a claim', volume({ persistentVolumeClaim: { claimName: 'data' } }), 'PersistentVolumeClaim shop/data'],
    ['of a driver', volume({ csi: { driver: 'd', nodePublishSecretRef: { name: 'login' } } }), 'Secret shop/login'],
    [
      'of a provider',
      volume({ csi: { driver: 'd', volumeAttributes: { secretProviderClass: 'vault' } } }),
      'SecretProviderClass shop/vault',
    ],
    ['projected', volume({ projected: { sources: [{ secret: { name: 'login' } }] } }), 'Secret shop/login'],
    ['a ServiceAccount', deployment({}, { serviceAccountName: 'app' }), 'ServiceAccount shop/app'],
    ['a Service of a set', statefulSet({}, { serviceName: 'db' }), 'Service shop/db'],
    ['a Role', binding({ kind: 'Role', name: 'reader' }), 'Role shop/reader'],
    ['a ClusterRole', binding({ kind: 'ClusterRole', name: 'reader' }), 'ClusterRole reader'],
    ['what scales', autoscaler({ maxReplicas: 2 }), 'Deployment shop/app'],
    [
      'a backend',
      ingress({ rules: [{ http: { paths: [{ backend: { service: { name: 'web', port: { number: 80 } } } }] } }] }),
      'Service shop/web',
    ],
    ['the default backend', ingress({ defaultBackend: { service: { name: 'web', port: { number: 80 } } } }), 'Service shop/web'],
    ['a certificate', ingress({ tls: [{ secretName: 'tls' }] }), 'Secret shop/tls'],
    ['of a route', route({ name: 'web', port: 80 }), 'Service shop/web'],
    ['of a monitor', monitor({ port: 'http', basicAuth: { password: { name: 'login', key: 'password' } } }), 'Secret shop/login'],
    ['an authority', monitor({ port: 'http', tlsConfig: { ca: { configMap: { name: 'ca', key: 'ca.crt' } } } }), 'ConfigMap shop/ca'],
    ['of an issuer', object('cert-manager.io/v1', 'Issuer', 'i', { spec: { ca: { secretName: 'ca' } } }), 'Secret shop/ca'],
  ])('%s', (_, manifest, missing) => {
    expect(found([manifest])).toMatchObject([
      { severity: 'error', message: `${missing} is neither among the manifests nor declared external` },
    ]);
  });

  test('is said once an object, with where it is instead', () => {
    const twice = deployment({
      envFrom: [{ secretRef: { name: 'login' } }],
      env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'login', key: 'a' } } }],
    });
    const other = object('v1', 'Secret', 'login', {}, { namespace: 'till' });
    expect(found([twice, other])).toMatchObject([{ message: expect.stringContaining(', only in till') }]);
  });
});

describe('REF-1: a warning, where it may work all the same', () => {
  test.each<[string, object]>([
    ['the Secret of a registry', deployment({}, { imagePullSecrets: [{ name: 'registry' }] })],
    ['who is bound', binding({ kind: 'ClusterRole', name: 'view' }, [{ kind: 'ServiceAccount', name: 'app' }])],
    ['a namespace with nothing in it', route({ name: 'web', namespace: 'front', port: 80 })],
  ])('%s', (_, manifest) => {
    expect(found([manifest])).toMatchObject([{ severity: 'warning' }]);
  });
});

describe('REF-1: nothing to say', () => {
  test.each<[string, object[]]>([
    ['it is there', [secretKey, object('v1', 'Secret', 'login', { data: { password: '' } })]],
    ['it is optional', [from({ secretKeyRef: { name: 'login', key: 'password', optional: true } })]],
    ['it is for Flux to fill in', [from({ secretKeyRef: { name: '${APP}-login', key: 'password' } })]],
    ['the default account', [deployment({}, { serviceAccountName: 'default' })]],
    ['the root certificate', [volume({ configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca' }] } })]],
    [
      'a role of Kubernetes',
      [binding({ kind: 'ClusterRole', name: 'view' }), binding({ kind: 'ClusterRole', name: 'system:auth-delegator' })],
    ],
    [
      'its role in kube-system',
      [
        object(
          `${rbac}/v1`,
          'RoleBinding',
          'b',
          { roleRef: { kind: 'Role', name: 'extension-apiserver-authentication-reader' } },
          { namespace: 'kube-system' },
        ),
      ],
    ],
    ['a claim of a set', [statefulSet(), volume({ persistentVolumeClaim: { claimName: 'data-db-0' } })]],
    ['one names no namespace, the other does', [secretKey, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login' } }]],
    ['the other way round', [{ ...secretKey, metadata: { name: 'app' } }, object('v1', 'Secret', 'login')]],
    ['the action of a load balancer', [ingress({ defaultBackend: { service: { name: 'redirect', port: { name: 'use-annotation' } } } })]],
    ['a route to a bucket', [route({ group: 'storage.example', kind: 'Bucket', name: 'web' })]],
    ['no target', [object('autoscaling/v2', 'HorizontalPodAutoscaler', 'a', { spec: {} })]],
  ])('%s', (_, objects) => {
    expect(found(objects)).toEqual([]);
  });
});

describe('REF-1: declared external', () => {
  test.each(['Secret/login', 'Secret/*', 'Secret/shop/login', 'Secret/shop/*', 'Secret/*/login'])('%s', (declared) => {
    expect(found([secretKey], { external: [declared] })).toEqual([]);
  });

  test.each(['ConfigMap/login', 'Secret/log', 'Secret/till/login', 'login', ''])('%j is something else', (declared) => {
    expect(found([secretKey], { external: [declared] })).toHaveLength(1);
  });

  test('by an annotation, for all objects of its namespace', () => {
    const declare = (namespace: string) =>
      object('v1', 'ConfigMap', 'any', {}, { namespace, annotations: { 'cdk8s-stateful/external': 'ConfigMap/other, Secret/login' } });
    expect(found([secretKey, declare('shop')])).toEqual([]);
    expect(found([secretKey, declare('till')])).toHaveLength(1);
  });
});

describe('REF-1: keys', () => {
  test('one that the object has not', () => {
    expect(found([secretKey, object('v1', 'Secret', 'login', { stringData: { user: 'a' } })])).toMatchObject([
      {
        severity: 'error',
        message: 'Secret shop/login has no key password',
        field: 'spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.name',
      },
    ]);
    expect(found([volume({ configMap: { name: 'c', items: [{ key: 'a', path: 'a' }] } }), configMap('c', { b: '' })])).toHaveLength(1);
  });

  test('an object that is empty is filled in the cluster', () => {
    expect(found([secretKey, object('v1', 'Secret', 'login')])).toEqual([]);
    expect(found([secretKey, object('v1', 'Secret', 'login', { type: 'kubernetes.io/service-account-token', data: { a: '' } })])).toEqual(
      [],
    );
  });
});

describe('REF-1: what controllers make', () => {
  const eso = (spec: object) => object('external-secrets.io/v1', 'ExternalSecret', 'login', { spec });
  const sealed = (spec: object) => object('bitnami.com/v1alpha1', 'SealedSecret', 'login', { spec });

  test.each<[string, object]>([
    ['ExternalSecret', eso({ data: [{ secretKey: 'password' }] })],
    ['of another name', { ...eso({ target: { name: 'login' }, dataFrom: [{}] }), metadata: { name: 'x', namespace: 'shop' } }],
    ['with a template', eso({ data: [{ secretKey: 'p' }], target: { template: { data: { password: '{{ .p }}' } } } })],
    ['SealedSecret', sealed({ encryptedData: { password: 'x' } })],
    ['with clear text', sealed({ encryptedData: { p: 'x' }, template: { data: { password: '{{ .p }}' } } })],
    ['Certificate', object('cert-manager.io/v1', 'Certificate', 'c', { spec: { secretName: 'login' } })],
    ['account key', object('cert-manager.io/v1', 'Issuer', 'i', { spec: { acme: { privateKeySecretRef: { name: 'login' } } } })],
    ['Vault', object('secrets.hashicorp.com/v1beta1', 'VaultStaticSecret', 'v', { spec: { destination: { name: 'login' } } })],
    ['SOPS', object('isindir.github.com/v1alpha3', 'SopsSecret', 's', { spec: { secretTemplates: [{ name: 'login' }] } })],
    ['CSI', object('secrets-store.csi.x-k8s.io/v1', 'SecretProviderClass', 's', { spec: { secretObjects: [{ secretName: 'login' }] } })],
    [
      'Crossplane',
      object('db.example/v1', 'Instance', 'x', { spec: { writeConnectionSecretToRef: { name: 'login', namespace: 'shop' } } }),
    ],
    ['every namespace', { apiVersion: 'external-secrets.io/v1', kind: 'ClusterExternalSecret', metadata: { name: 'login' }, spec: {} }],
    ['an operator', object('postgresql.cnpg.io/v1', 'Cluster', 'login')],
    [
      'a Job of a chart',
      object('batch/v1', 'Job', 'j', { spec: { template: { spec: { containers: [{ args: ['create', '--secret-name=login'] }] } } } }),
    ],
    [
      'a program that may',
      object(`${rbac}/v1`, 'Role', 'r', {
        rules: [
          { resources: ['secrets'], verbs: ['create'] },
          { resources: ['secrets'], resourceNames: ['login'], verbs: ['get'] },
        ],
      }),
    ],
  ])('%s', (_, maker) => {
    expect(found([secretKey, maker])).toEqual([]);
  });

  test('the certificate of an Ingress, if it has an issuer', () => {
    const tls = { tls: [{ secretName: 'tls' }] };
    expect(found([ingress(tls, { 'cert-manager.io/cluster-issuer': 'letsencrypt' })])).toEqual([]);
  });

  test.each<[string, object]>([
    ['a key that it does not make', eso({ data: [{ secretKey: 'user' }] })],
    ['a key that is not sealed', sealed({ encryptedData: { user: 'x' } })],
    ['it makes none', eso({ target: { creationPolicy: 'None' }, data: [{ secretKey: 'password' }] })],
    ['a monitor is no operator', object('monitoring.coreos.com/v1', 'ServiceMonitor', 'login', { spec: {} })],
    [
      'a Role that only reads',
      object(`${rbac}/v1`, 'Role', 'r', { rules: [{ resources: ['secrets'], resourceNames: ['login'], verbs: ['get'] }] }),
    ],
  ])('not: %s', (_, maker) => {
    expect(found([secretKey, maker])).toHaveLength(1);
  });

  test('an operator makes what has its name as a word', () => {
    const cluster = object('postgresql.cnpg.io/v1', 'Cluster', 'orders');
    const asks = (name: string) => from({ secretKeyRef: { name, key: 'password' } });
    expect(found([asks('orders-app'), asks('app.orders.credentials'), cluster])).toEqual([]);
    expect(found([asks('ordersapp'), cluster])).toHaveLength(1);
  });
});
