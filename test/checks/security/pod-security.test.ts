import { deployment, findings } from '../support';

const found = (container: object, spec: object = {}, options: object = {}) => findings('SEC-1', [deployment(container, spec)], options);
const context = (changes: object) => ({
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
    ...changes,
  },
});

test('SEC-1: a container that says nothing is one finding with all that it lacks', () => {
  expect(found({ securityContext: undefined })).toMatchObject([
    {
      severity: 'error',
      field: 'spec.template.spec.containers[0].securityContext',
      message: 'container app may run as root, may gain privileges, keeps capabilities and has no seccomp profile',
      fix: 'set runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault} in its securityContext',
    },
  ]);
});

test.each<[string, object, string]>([
  ['root', { runAsNonRoot: false }, 'may run as root'],
  ['user 0', { runAsUser: 0 }, 'runs as user 0'],
  ['escalation', { allowPrivilegeEscalation: true }, 'may gain privileges'],
  ['some capabilities', { capabilities: { drop: ['NET_RAW'] } }, 'keeps capabilities'],
  ['an added capability', { capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE', 'SYS_ADMIN'] } }, 'adds SYS_ADMIN'],
  ['no seccomp', { seccompProfile: { type: 'Unconfined' } }, 'has the seccomp profile Unconfined'],
  ['SELinux type', { seLinuxOptions: { type: 'spc_t' } }, 'has the SELinux type spc_t'],
  ['SELinux user', { seLinuxOptions: { user: 'system_u' } }, 'has an SELinux user or role of its own'],
  ['AppArmor', { appArmorProfile: { type: 'Unconfined' } }, 'has the AppArmor profile Unconfined'],
  ['procMount', { procMount: 'Unmasked' }, 'has procMount Unmasked'],
])('SEC-1: %s', (_, changes, message) => {
  expect(found(context(changes))).toMatchObject([{ message: `container app ${message}` }]);
});

test.each<[string, object, object]>([
  ['NET_BIND_SERVICE is allowed', context({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }), {}],
  ['a user above 0', context({ runAsUser: 1000 }), {}],
  ['a type of SELinux that contains', context({ seLinuxOptions: { type: 'container_t', level: 's0:c1' } }), {}],
  [
    'what the pod says holds for its containers',
    { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } },
    { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'Localhost' } } },
  ],
  [
    'Windows has none of it but a user',
    context({ allowPrivilegeEscalation: undefined, capabilities: undefined }),
    { os: { name: 'windows' } },
  ],
  [
    'volumes of every kind that is meant',
    {},
    {
      volumes: [
        { name: 'a', image: {} },
        { name: 'b', csi: {} },
        { name: 'c', emptyDir: {} },
      ],
    },
  ],
  ['safe sysctls', {}, { securityContext: { sysctls: [{ name: 'net.ipv4.tcp_syncookies', value: '1' }] } }],
  ['a probe of the pod itself', { livenessProbe: { httpGet: { port: 80, host: '' } } }, {}],
])('SEC-1: %s', (_, container, spec) => {
  expect(found(container, spec)).toEqual([]);
});

test('SEC-1: what the pod itself says wrong is said once', () => {
  const inherits = { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } };
  const wrong = { runAsNonRoot: false, runAsUser: 0, seccompProfile: { type: 'Unconfined' }, seLinuxOptions: { role: 'r' } };
  expect(found(inherits, { securityContext: wrong })).toMatchObject([
    {
      field: 'spec.template.spec.securityContext',
      message:
        'the pod says runAsNonRoot: false, runs as user 0, has the seccomp profile Unconfined and has an SELinux user or role of its own',
    },
  ]);
});

test.each(['initContainers', 'ephemeralContainers'])('SEC-1: %s count too, sidecars among them', (field) => {
  const other = { name: 'other', image: 'a:1', restartPolicy: 'Always' };
  expect(found({}, { [field]: [other] })).toMatchObject([{ field: `spec.template.spec.${field}[0].securityContext` }]);
});

test('SEC-1: volumes that a pod may not mount itself, but for paths of the node, which are of SEC-3', () => {
  const volumes = [
    { name: 'share', nfs: { server: 'a', path: '/' } },
    { name: 'node', hostPath: { path: '/' } },
  ];
  expect(found({}, { volumes })).toMatchObject([
    { field: 'spec.template.spec.volumes[0]', message: expect.stringContaining('share is of type nfs') },
  ]);
});

test.each<[string, string, number]>([
  ['net.core.somaxconn', '1.36', 1],
  ['net.ipv4.tcp_keepalive_time', '1.27', 1],
  ['net.ipv4.tcp_keepalive_time', '1.29', 0],
  ['net.ipv4.tcp_rmem', '1.29', 1],
  ['net.ipv4.tcp_rmem', '1.32', 0],
])('SEC-1: the sysctl %s in %s', (name, floor, count) => {
  expect(found({}, { securityContext: { sysctls: [{ name, value: '1' }] } }, { floor })).toHaveLength(count);
});

test.each<[string, object]>([
  ['livenessProbe.httpGet', { livenessProbe: { httpGet: { port: 80, host: 'example.com' } } }],
  ['startupProbe.tcpSocket', { startupProbe: { tcpSocket: { port: 80, host: 'example.com' } } }],
  ['lifecycle.preStop.httpGet', { lifecycle: { preStop: { httpGet: { port: 80, host: 'example.com' } } } }],
])('SEC-1: %s of another host, from 1.34', (where, container) => {
  expect(found(container)).toMatchObject([{ field: `spec.template.spec.containers[0].${where}.host` }]);
  expect(found(container, {}, { target: '1.32' })).toEqual([]);
});

test('SEC-1: with a user namespace root is allowed, from 1.35', () => {
  const root = [context({ runAsNonRoot: undefined, runAsUser: 0 }), { hostUsers: false }] as const;
  expect(found(...root, { floor: '1.36' })).toEqual([]);
  expect(found(...root, { floor: '1.34' })).toHaveLength(1);
});

test('SEC-1: the annotation of AppArmor', () => {
  const template = (profile: string) => {
    const object = deployment() as { spec: { template: { metadata: { annotations?: object } } } };
    object.spec.template.metadata.annotations = { 'container.apparmor.security.beta.kubernetes.io/app': profile };
    return findings('SEC-1', [object]);
  };
  expect(template('unconfined')).toMatchObject([{ message: 'the AppArmor profile is unconfined' }]);
  expect([...template('runtime/default'), ...template('localhost/app')]).toEqual([]);
});
