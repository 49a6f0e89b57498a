import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import type { HaPostgresProps } from '../../lib';
import { podTemplate } from '../../lib/ha-postgres/pod';
import { emptyChart, type Json, login, minimalBackups, plain, planOf } from '../support';

function template(props: Partial<HaPostgresProps> = {}): Json {
  return plain(podTemplate(planOf(props)));
}

function container(name: string, props: Partial<HaPostgresProps> = {}): Json {
  return template(props).spec.containers.find((c: Json) => c.name === name);
}

function volume(name: string, props: Partial<HaPostgresProps> = {}): Json {
  return template(props).spec.volumes.find((v: Json) => v.name === name);
}

const exporter: kplus.ContainerProps = { name: 'exporter', image: 'exporter:1', portNumber: 9187 };

describe('restricted Pod Security', () => {
  test('the pod runs as postgres, numbered, because the kubelet cannot tell whether a named user is root', () => {
    expect(template().spec.securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  test('OpenShift assigns the ids', () => {
    const context = template({ openShift: true }).spec.securityContext;
    expect(context).not.toHaveProperty('runAsUser');
    expect(context).not.toHaveProperty('runAsGroup');
    expect(context).not.toHaveProperty('fsGroup');
    expect(context.runAsNonRoot).toBe(true);
  });

  test('every container is restricted, a sidecar that asks for more too', () => {
    const root = { ...exporter, securityContext: { ensureNonRoot: false, readOnlyRootFilesystem: false, privileged: true, user: 0 } };
    const { containers } = template({ pod: { sidecars: [root] } }).spec;
    expect(containers.map((c: Json) => c.name)).toEqual(['patroni', 'agent', 'exporter']);
    for (const { securityContext } of containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      });
    }
  });

  test.each<[string, Partial<HaPostgresProps>]>([
    ['alone', {}],
    [
      'with everything beside it',
      {
        backups: minimalBackups(),
        monitoring: { scrapedBy: { namespace: 'monitoring' } },
        pod: { sidecars: [exporter], initContainers: [{ name: 'first', image: 'first:1' }] },
      },
    ],
    ['on OpenShift', { openShift: true }],
  ])("only Patroni's container has the service-account token: its state is in the API (%s)", (_, props) => {
    const { spec } = template(props);
    expect(spec).toMatchObject({ serviceAccountName: 'orders', automountServiceAccountToken: false, enableServiceLinks: false });
    const mounts = [...spec.containers, ...(spec.initContainers ?? [])].flatMap((c: Json) =>
      (c.volumeMounts ?? []).filter((m: Json) => m.name === 'kube-api-access').map((m: Json) => [c.name, m]),
    );
    const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'; // where Patroni looks
    expect(mounts).toEqual([['patroni', { name: 'kube-api-access', mountPath, readOnly: true }]]);
  });

  test('it is as Kubernetes would mount it', () => {
    expect(volume('kube-api-access').projected).toEqual({
      sources: [
        { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardApi: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
      ],
    });
  });
});

describe('probes', () => {
  test('startup and liveness ask whether the loop runs, readiness whether clients may come', () => {
    const http = (path: string) => ({ httpGet: { path, port: 'patroni', scheme: 'HTTP' }, timeoutSeconds: 5 });
    const { startupProbe, livenessProbe, readinessProbe } = container('patroni');
    const killed = { terminationGracePeriodSeconds: 30 }; // not the 600 s of an orderly shutdown
    expect(startupProbe).toEqual({ ...http('/liveness'), ...killed, periodSeconds: 5, failureThreshold: 120 }); // 10 minutes
    expect(livenessProbe).toEqual({ ...http('/liveness'), ...killed, periodSeconds: 10, failureThreshold: 3 });
    expect(readinessProbe).toEqual({ ...http('/readiness'), periodSeconds: 5, failureThreshold: 3 });
  });

  test('their port is the one of Patroni', () => {
    expect(container('patroni').ports).toEqual([
      { name: 'postgresql', containerPort: 5432, protocol: 'TCP' },
      { name: 'patroni', containerPort: 8008, protocol: 'TCP' },
    ]);
  });

  test.each([
    [Duration.minutes(5), 60],
    [Duration.seconds(301), 61], // rounded up
    [Duration.minutes(60), 720],
  ])('a startup budget %# is %s tries of 5 s', (startupBudget, tries) => {
    expect(container('patroni', { pod: { probes: { startupBudget } } }).startupProbe.failureThreshold).toBe(tries);
  });

  test("another liveness path, and no readiness, are the props'", () => {
    const probed = container('patroni', { pod: { probes: { livenessPath: '/health', readiness: false } } });
    expect(probed.startupProbe.httpGet.path).toBe('/health');
    expect(probed.livenessProbe.httpGet.path).toBe('/health');
    expect(probed).not.toHaveProperty('readinessProbe');
  });

  test('none of them runs SQL or a program', () => {
    expect(JSON.stringify(container('patroni'))).not.toMatch(/pg_isready|"(liveness|readiness|startup)Probe":\{"exec/);
    expect(container('agent')).not.toHaveProperty('livenessProbe');
  });
});

describe('stopping', () => {
  test.each([
    [undefined, 600],
    [Duration.seconds(60), 60],
  ])('the shutdown checkpoint has time: grace %#', (terminationGracePeriod, seconds) => {
    expect(template({ pod: { terminationGracePeriod } }).spec.terminationGracePeriodSeconds).toBe(seconds);
  });

  test('the leadership is handed over first', () => {
    expect(container('patroni').lifecycle).toEqual({ preStop: { exec: { command: ['bash', '/scripts/pre-stop.sh'] } } });
  });
});

describe('containers', () => {
  test('both run the one image, pulled only where it is missing', () => {
    for (const name of ['patroni', 'agent']) {
      expect(container(name)).toMatchObject({ image: planOf().image.toString(), imagePullPolicy: 'IfNotPresent' });
    }
  });

  test('what only the pod knows comes from its own fields', () => {
    const env = container('patroni').env;
    const fields = env.filter((e: Json) => e.valueFrom).map((e: Json) => [e.name, e.valueFrom.fieldRef.fieldPath]);
    expect(Object.fromEntries(fields)).toMatchObject({
      PATRONI_NAME: 'metadata.name',
      PATRONI_KUBERNETES_NAMESPACE: 'metadata.namespace',
      PATRONI_KUBERNETES_POD_IP: 'status.podIP',
      POD_REVISION: "metadata.labels['controller-revision-hash']",
    });
    const values = Object.fromEntries(env.filter((e: Json) => e.value).map((e: Json) => [e.name, e.value]));
    expect(values).toMatchObject({ PATRONICTL_CONFIG_FILE: '/var/run/postgresql/patroni', PGDATA: '/home/postgres/pgdata/data' });
  });

  test.each([
    ['none is asked for by default', undefined, undefined],
    ['the first of the Services is', ['IPv6', 'IPv4'] as ('IPv4' | 'IPv6')[], 'IPv6'],
  ])('of two families of addresses %s', (_, ipFamilies, family) => {
    const env = container('patroni', { services: { ipFamilies } }).env;
    expect(env.find((e: Json) => e.name === 'IP_FAMILY')?.value).toBe(family);
    expect(env.find((e: Json) => e.name === 'POD_IPS')?.valueFrom.fieldRef.fieldPath).toBe(family && 'status.podIPs');
  });

  test('the user adds variables of any source, after all others', () => {
    const env = { GREETING: kplus.EnvValue.fromValue('hello'), TOKEN: login('token').password.envValue() };
    expect(container('patroni', { pod: { env } }).env.slice(-2)).toEqual([
      { name: 'GREETING', value: 'hello' },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'orders-postgres', key: 'token' } } },
    ]);
  });

  test('init containers are restricted, canonical, and without the probe that cdk8s-plus adds to a port', () => {
    const [first] = template({ pod: { initContainers: [{ ...exporter, resources: { cpu: { request: kplus.Cpu.millis(1000) } } }] } }).spec
      .initContainers;
    expect(first).toMatchObject({
      name: 'exporter',
      resources: { requests: { cpu: '1' } },
      securityContext: { readOnlyRootFilesystem: true },
    });
    expect(Object.keys(first).filter((key) => key.endsWith('Probe'))).toEqual([]);
  });

  test('a variable that refers to another comes after it', () => {
    for (const { env } of template().spec.containers) {
      const names = env.map((e: Json) => e.name);
      for (const [i, { value = '' }] of env.entries()) {
        for (const [, used] of value.matchAll(/\$\((\w+)\)/g)) expect(names.slice(0, i)).toContain(used);
      }
    }
  });

  test('the agent knows the names of the three logins, and no container a password', () => {
    const username = (username: string, key: 'superuser' | 'replication' | 'rewind') => ({ ...planOf().props.credentials[key], username });
    const credentials = {
      superuser: username('root', 'superuser'),
      replication: username('stream', 'replication'),
      rewind: username('back', 'rewind'),
    };
    const env = Object.fromEntries(container('agent', { credentials }).env.map((e: Json) => [e.name, e.value]));
    expect(env).toMatchObject({ SUPERUSER: 'root', REPLICATION_USER: 'stream', REWIND_USER: 'back' });
    expect(JSON.stringify(template())).not.toMatch(/secretKeyRef|PASSWORD/);
  });

  test('requests are limits where only those are given', () => {
    expect(container('patroni').resources).toEqual({ requests: { cpu: '500m', memory: '2Gi' }, limits: { memory: '2Gi' } });
    expect(container('agent').resources).toEqual({ requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '64Mi' } });
  });
});

describe('volumes', () => {
  test('what changes has a size, and sockets and passwords never reach a disk', () => {
    expect(volume('run').emptyDir).toEqual({ medium: 'Memory', sizeLimit: '16Mi' });
    expect(volume('tmp').emptyDir).toEqual({ sizeLimit: '64Mi' });
    expect(volume('dshm').emptyDir).toEqual({ medium: 'Memory', sizeLimit: '512Mi' });
  });

  test.each([
    // a quarter of the memory, from 64 MiB to 1 GiB
    [Size.mebibytes(128), '64Mi'],
    [Size.gibibytes(2), '512Mi'],
    [Size.gibibytes(64), '1Gi'],
  ])('shared memory of memory %# is %s', (limit, size) => {
    expect(volume('dshm', { resources: { memory: { limit } } }).emptyDir.sizeLimit).toBe(size);
  });

  test('or as the props say', () => {
    expect(volume('dshm', { pod: { sharedMemory: Size.mebibytes(100) } }).emptyDir.sizeLimit).toBe('100Mi');
  });

  test('PostgreSQL has its volumes, the agent neither data nor log', () => {
    const mounts = (name: string, props?: Partial<HaPostgresProps>) =>
      Object.fromEntries(container(name, props).volumeMounts.map((m: Json) => [m.mountPath, m.readOnly ? `${m.name}, read only` : m.name]));
    const shared = {
      '/var/run/postgresql': 'run',
      '/tmp': 'tmp',
      '/etc/patroni': 'patroni, read only',
      '/etc/credentials': 'credentials, read only',
      '/scripts': 'scripts, read only',
    };
    const token = { '/var/run/secrets/kubernetes.io/serviceaccount': 'kube-api-access, read only' };
    const own = { '/home/postgres/pgdata': 'data', '/home/postgres/wal': 'wal', '/dev/shm': 'dshm', ...token };
    expect(mounts('patroni')).toEqual({ ...shared, ...own });
    expect(mounts('agent')).toEqual(shared);
    expect(mounts('patroni', { walStorage: undefined })).not.toHaveProperty('/home/postgres/wal');
  });

  test('every mount of every container has its volume or claim, once', () => {
    const scope = emptyChart();
    const shared = kplus.Volume.fromEmptyDir(scope, 'Shared', 'shared');
    const { containers, volumes } = template({
      pod: {
        sidecars: [{ ...exporter, volumeMounts: [{ path: '/shared', volume: shared }] }],
        volumeMounts: [{ path: '/home/postgres/shared', volume: shared }],
      },
    }).spec;
    const names = volumes.map((v: Json) => v.name);
    expect(names).toEqual([...new Set(names)]); // the API server refuses a name twice
    for (const mount of containers.flatMap((c: Json) => c.volumeMounts)) expect([...names, 'data', 'wal']).toContain(mount.name);
  });
});

describe('placement', () => {
  const database = planOf().selector('database');
  const host = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: database } };

  test.each([
    ['preferred', { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: host }] }],
    ['required', { requiredDuringSchedulingIgnoredDuringExecution: [host] }],
  ] as const)('hosts of their own are %s, zones always preferred', (spread, podAntiAffinity) => {
    const { spec } = template({ placement: { spread } });
    expect(spec.affinity).toEqual({ podAntiAffinity });
    expect(spec.topologySpreadConstraints).toEqual([
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: database },
      },
    ]);
  });

  test('preferred is the default', () => {
    expect(template().spec.affinity).toEqual(template({ placement: { spread: 'preferred' } }).spec.affinity);
  });

  test('node selector, tolerations and priority are those of the props', () => {
    const { spec } = template({
      placement: {
        nodeSelector: { disk: 'ssd' },
        tolerations: [{ key: 'database', value: 'only', effect: 'NoSchedule' }, { key: 'spot' }],
        priorityClassName: 'high',
      },
    });
    expect(spec).toMatchObject({
      nodeSelector: { disk: 'ssd' },
      priorityClassName: 'high',
      tolerations: [
        { key: 'database', operator: 'Equal', value: 'only', effect: 'NoSchedule' },
        { key: 'spot', operator: 'Exists' },
      ],
    });
  });

  test('by default there are none', () => {
    for (const key of ['nodeSelector', 'tolerations', 'priorityClassName']) expect(template().spec).not.toHaveProperty(key);
  });
});

describe('labels and annotations', () => {
  test("are ours and Patroni's", () => {
    expect(template().metadata.labels).toEqual({
      'app.kubernetes.io/name': 'ha-postgres',
      'app.kubernetes.io/instance': 'orders',
      'app.kubernetes.io/component': 'database',
      'app.kubernetes.io/managed-by': 'cdk8s-stateful',
      application: 'patroni',
      'cluster-name': 'orders',
    });
  });

  test('the props add to them, and replace none', () => {
    const { metadata } = template({
      pod: { labels: { team: 'shop', 'cluster-name': 'other' }, annotations: { note: 'x', 'checksum/scripts': 'mine' } },
    });
    expect(metadata.labels).toMatchObject({ team: 'shop', 'cluster-name': 'orders' });
    expect(metadata.annotations).toEqual({ note: 'x', 'checksum/scripts': expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('only the scripts restart a pod: not a parameter, a role or a password', () => {
    const changed = template({ postgresql: { parameters: { work_mem: '8MB' } }, roles: [{ name: 'readers' }] });
    expect(changed).toEqual(template());
  });
});
