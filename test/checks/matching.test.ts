import { labels, object, service, statefulSet } from './objects';
import { deployment, findings } from './support';

const found = (...objects: object[]) => findings('REF-2', objects);
const ports = (...given: object[]) => ({ ports: given });
const web = (...given: object[]) => deployment(ports(...given));
const http = { name: 'http', containerPort: 8080 };

describe('REF-2: a workload selects its own pods', () => {
  const selecting = (selector: object, kind = 'Deployment', spec: object = {}) => {
    const base = deployment() as { spec: object };
    return { ...base, kind, spec: { ...base.spec, ...spec, selector } };
  };

  test.each<[string, object, string]>([
    [
      'another value',
      selecting({ matchLabels: { 'app.kubernetes.io/name': 'web' } }),
      'app.kubernetes.io/name: web, and the pods of the template have app.kubernetes.io/name: app',
    ],
    ['another key', selecting({ matchLabels: { app: 'app' } }, 'DaemonSet'), 'no such label'],
    ['an expression', selecting({ matchExpressions: [{ key: 'app', operator: 'Exists' }] }), 'does not select'],
    ['nothing', selecting({}), 'empty'],
    ['a Job by hand', selecting({ matchLabels: { app: 'app' } }, 'Job', { manualSelector: true }), 'no such label'],
  ])('%s', (_, manifest, message) => {
    expect(found(manifest)).toMatchObject([{ severity: 'error', field: 'spec.selector', message: expect.stringContaining(message) }]);
  });

  test.each<[string, object]>([
    ['its labels', deployment()],
    ['some of them', selecting({ matchLabels: { 'app.kubernetes.io/name': 'app' } }, 'StatefulSet')],
    ['a Job has its selector made', selecting({ matchLabels: { app: 'app' } }, 'Job')],
  ])('%s: well', (_, manifest) => {
    expect(found(manifest)).toEqual([]);
  });
});

describe('REF-2: the Service of a StatefulSet', () => {
  const set = statefulSet({}, { serviceName: 'db' });

  test.each<[string, object, string, string]>([
    ['selects others', { clusterIP: 'None', selector: { app: 'web' } }, 'error', 'does not select the pods'],
    ['selects nothing', { clusterIP: 'None', selector: {} }, 'warning', 'has no selector'],
    ['has an address', {}, 'warning', 'is not headless'],
  ])('%s', (_, spec, severity, message) => {
    expect(found(set, service('db', spec))).toMatchObject([
      { severity, field: 'spec.serviceName', message: expect.stringContaining(message) },
    ]);
  });

  test('selects the pods, and is headless', () => {
    expect(found(set, service('db', { clusterIP: 'None' }))).toEqual([]);
  });
});

describe('REF-2: the ports of a Service', () => {
  const to = (port: object, spec: object = {}) => service('web', { ports: [port], ...spec });

  test.each<[string, object, object, string]>([
    ['no such name', to({ port: 80, targetPort: 'web' }), web(http), 'error'],
    ['another protocol', to({ port: 80, targetPort: 'http', protocol: 'UDP' }), web(http), 'error'],
    ['no such number', to({ port: 80 }), web(http), 'warning'],
  ])('%s', (_, front, pods, severity) => {
    expect(found(front, pods)).toMatchObject([{ severity, object: 'Service shop/web', field: 'spec.ports[0].targetPort' }]);
  });

  test.each<[string, object, object]>([
    ['by its name', to({ port: 80, targetPort: 'http' }), web(http)],
    ['by its number', to({ port: 80, targetPort: 8080 }), web(http)],
    [
      'of a sidecar',
      to({ port: 80, targetPort: 'http' }),
      deployment({}, { initContainers: [{ name: 's', restartPolicy: 'Always', ports: [http] }] }),
    ],
    [
      'a container that says nothing may listen',
      to({ port: 80 }),
      deployment(ports(http), { containers: [{ name: 'a', ports: [http] }, { name: 'b' }] }),
    ],
    ['no pods that are known', to({ port: 80, targetPort: 'web' }, { selector: { app: 'other' } }), web(http)],
    ['pods that get a label only later', to({ port: 80, targetPort: 'web' }, { selector: { ...labels, role: 'primary' } }), web(http)],
  ])('%s: well', (_, front, pods) => {
    expect(found(front, pods)).toEqual([]);
  });
});

describe('REF-2: the ports of probes', () => {
  test.each<[string, object]>([
    ['livenessProbe.httpGet', { livenessProbe: { httpGet: { port: 'web' } } }],
    ['startupProbe.tcpSocket', { startupProbe: { tcpSocket: { port: 'web' } } }],
    ['lifecycle.preStop.httpGet', { lifecycle: { preStop: { httpGet: { port: 'web' } } } }],
  ])('%s of a name that the container has not', (where, container) => {
    expect(found(deployment({ ...ports(http), ...container }))).toMatchObject([
      { severity: 'error', field: `spec.template.spec.containers[0].${where}.port`, message: 'the container has no port named web' },
    ]);
  });

  test.each(['http', '8080', 8080, 9090])('%j: well', (port) => {
    expect(found(deployment({ ...ports(http), readinessProbe: { httpGet: { port } } }))).toEqual([]);
  });
});

describe('REF-2: the ports of routes', () => {
  const ingress = (port: object) =>
    object('networking.k8s.io/v1', 'Ingress', 'i', { spec: { defaultBackend: { service: { name: 'web', port } } } });
  const route = (port: unknown) =>
    object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'r', { spec: { rules: [{ backendRefs: [{ name: 'web', port }] }] } });
  const front = service('web', { selector: { app: 'other' }, ports: [{ name: 'http', port: 80 }] });

  test.each<[string, object]>([
    ['a number', ingress({ number: 8080 })],
    ['a name', ingress({ name: 'web' })],
    ['of a route', route(8080)],
  ])('%s that the Service has not', (_, manifest) => {
    expect(found(manifest, front)).toMatchObject([{ severity: 'error', fix: 'name one that it has: 80, http' }]);
  });

  test.each<[string, object, object]>([
    ['a number', ingress({ number: 80 }), front],
    ['a name', ingress({ name: 'http' }), front],
    ['of a route', route(80), front],
    ['a name of DNS has whatever it has', route(8080), service('web', { type: 'ExternalName', ports: [] })],
  ])('%s: well', (_, manifest, backend) => {
    expect(found(manifest, backend)).toEqual([]);
  });
});

describe('REF-2: the ports of monitors', () => {
  const monitor = (kind: string, endpoints: object) =>
    object('monitoring.coreos.com/v1', kind, 'm', { spec: { selector: { matchLabels: labels }, ...endpoints } });
  const front = service('web', { ports: [{ name: 'http', port: 80, targetPort: 'http' }] }, { labels });

  test.each<[string, object]>([
    ['a ServiceMonitor', monitor('ServiceMonitor', { endpoints: [{ port: 'metrics' }] })],
    ['a PodMonitor', monitor('PodMonitor', { podMetricsEndpoints: [{ port: 'metrics' }] })],
  ])('%s', (_, manifest) => {
    expect(found(manifest, front, web(http))).toMatchObject([{ severity: 'warning', message: expect.stringContaining('no') }]);
  });

  test.each<[string, object]>([
    ['a ServiceMonitor', monitor('ServiceMonitor', { endpoints: [{ port: 'http' }, { targetPort: 9090 }] })],
    ['a PodMonitor', monitor('PodMonitor', { podMetricsEndpoints: [{ port: 'http' }] })],
    ['of what is not here', monitor('PodMonitor', { selector: { matchLabels: { app: 'x' } }, podMetricsEndpoints: [{ port: 'metrics' }] })],
  ])('%s: well', (_, manifest) => {
    expect(found(manifest, front, web(http))).toEqual([]);
  });
});
