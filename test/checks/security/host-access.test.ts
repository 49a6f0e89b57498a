import { deployment, findings } from '../support';

const found = (rule: string, container: object, spec: object = {}) => findings(rule, [deployment(container, spec)]);

test.each<[string, object, object, string]>([
  ['hostNetwork', {}, { hostNetwork: true }, 'the pod shares the network of its node'],
  ['hostPID', {}, { hostPID: true }, 'the pod shares the processes of its node'],
  ['hostIPC', {}, { hostIPC: true }, 'the pod shares the shared memory of its node'],
  ['volumes[0].hostPath', {}, { volumes: [{ name: 'data', hostPath: { path: '/data' } }] }, 'volume data is the path /data of the node'],
  [
    'volumes[0].hostPath',
    {},
    { volumes: [{ name: 's', hostPath: { path: '/var/run/docker.sock' } }] },
    'volume s is /var/run/docker.sock: who writes there is root on the node',
  ],
  ['containers[0].ports[0].hostPort', { ports: [{ containerPort: 80, hostPort: 80 }] }, {}, 'container app takes port 80 of its node'],
  [
    'containers[0].securityContext.privileged',
    { securityContext: { privileged: true } },
    {},
    'container app is privileged: it is root on the node',
  ],
  [
    'containers[0].securityContext.windowsOptions.hostProcess',
    { securityContext: { windowsOptions: { hostProcess: true } } },
    {},
    'container app runs as a process of the node',
  ],
])('SEC-3: %s', (field, container, spec, message) => {
  expect(found('SEC-3', container, spec)).toMatchObject([{ severity: 'error', field: `spec.template.spec.${field}`, message }]);
});

test('SEC-3: a pod that has nothing of its node', () => {
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  expect(found('SEC-3', { ports: [{ containerPort: 80, hostPort: 0 }] }, { hostNetwork: false, volumes })).toEqual([]);
});

test('SEC-2: a root file system that can be written', () => {
  expect(found('SEC-2', { securityContext: {} })).toMatchObject([
    { severity: 'warning', field: 'spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem' },
  ]);
  expect([...found('SEC-2', {}), ...found('SEC-2', { securityContext: {} }, { os: { name: 'windows' } })]).toEqual([]);
});
