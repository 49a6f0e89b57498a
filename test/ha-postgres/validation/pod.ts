import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { Image } from '../../../lib';
import { DIGEST } from '../../support';
import type { Given, Refusal, Rules } from './rules';

const image = (tag?: string, digest?: string, repository = 'registry.example/postgres') => ({
  image: Image.of(repository, { tag, digest }),
});
const volume = (scope: Construct, name: string) => kplus.Volume.fromEmptyDir(scope, `Volume${name}`, name);
const mount =
  (path: string, name = 'extra') =>
  (scope: Construct) => ({ pod: { volumeMounts: [{ path, volume: volume(scope, name) }] } });
const sidecar = (props: Given) => ({ pod: { sidecars: [{ image: 'x:1', ...props }] } });

export const pod: Rules = {
  refused: [
    [
      '6.6/7: protectBootstrap needs Patroni >= 4.1',
      'ProtectBootstrapUnsupported',
      { patroniVersion: '4.0', disruptionBudget: { protectBootstrap: true } },
      "disruptionBudget.protectBootstrap is true, but must be left out, since it needs Patroni 4.1 and patroniVersion is '4.0'",
    ],
    ['6.6/13: data has a size', 'SizeInvalid', { storage: undefined }, 'storage.size is missing, but must be a Size of at least 1 MiB'],
    [
      '6.6/13: sizes are Sizes',
      'SizeInvalid',
      { storage: { size: '20Gi' } },
      'storage.size is "20Gi", but must be … as Size.gibibytes(20)',
    ],
    [
      '6.6/13: WAL has a size',
      'SizeInvalid',
      { walStorage: { size: Size.kibibytes(1) } },
      'walStorage.size is 0.0009765625 MiB, but must be … at least 1 MiB',
    ],
    [
      '6.6/13: initial size',
      'SizeInvalid',
      { storage: { size: Size.gibibytes(1), initialSize: 1 } },
      'storage.initialSize is 1, but must be a Size of at least 1 MiB',
    ],
    ['6.6/14: a tag', 'TagInvalid', image('pg17 foo'), 'image.tag is "pg17 foo", but must be at most 128 letters, digits and _ . -'],
    [
      '6.6/14: neither tag nor digest',
      'ImageUnversioned',
      { image: (Image.of as Given)('registry.example/postgres') },
      'image is "registry.example/postgres", but must be given a tag, a digest, or both',
    ],
    ['6.6/14: latest', 'ImageLatest', image('latest'), 'image.tag is "latest", but must be a tag that names a version'],
    [
      "6.6/14: the tag's major is that of postgresVersion",
      'ImageOtherMajor',
      image('pg16.2-ts2.14'),
      'image.tag is "pg16.2-ts2.14", but must be one for PostgreSQL 17, or postgresVersion: 16',
    ],
    [
      '6.6/14: tag or digest',
      'ImageUnversioned',
      image(),
      'image is "registry.example/postgres", but must be given a tag, a digest, or both',
    ],
    [
      '6.6/14: an empty tag is none',
      'ImageUnversioned',
      image(''),
      'image is "registry.example/postgres", but must be … given a tag, a digest, or both',
    ],
    [
      '6.6/14: digest',
      'DigestInvalid',
      image('pg17.1', 'sha256:12'),
      `image.digest is "sha256:12", but must be 'sha256:' and 64 hexadecimal digits`,
    ],
    [
      '6.6/14: image is an Image',
      'ImageInvalid',
      { image: 'postgres:17' },
      `image is "postgres:17", but must be an Image, as Image.of('repository'`,
    ],
    [
      '6.6/14: repository without its tag',
      'ImageInvalid',
      image('pg17', DIGEST, 'localhost:5000/postgres:17'),
      'image.repository is "localhost:5000/postgres:17", but must be a repository without tag and digest',
    ],
    [
      '6.6/14: repository',
      'ImageInvalid',
      image('pg17', DIGEST, ''),
      'image.repository is "", but must be a repository without tag and digest',
    ],
    [
      '6.6/14: no default image',
      'ImageMissing',
      { image: undefined, postgresVersion: 15 },
      'image is missing, but must be given for PostgreSQL 15, for which there is no default image',
    ],
    [
      "6.6/20: readiness with dcs 'configMaps'",
      'ReadinessNeeded',
      { dcs: 'configMaps', pod: { probes: { readiness: false } } },
      "pod.probes.readiness is false, but must be true where dcs is 'configMaps'",
    ],
    [
      '6.6/21: maxUnavailable 0 blocks every drain',
      'BudgetBlocksDrains',
      { disruptionBudget: { maxUnavailable: 0 } },
      'disruptionBudget.maxUnavailable is 0, but must be at least 1, or no node with a member can ever be drained',
    ],
    [
      '6.6/21: minAvailable = members blocks every drain',
      'BudgetBlocksDrains',
      { disruptionBudget: { minAvailable: 3 } },
      'disruptionBudget.minAvailable is 3, but must be less than members (3), or no node with a member can ever be drained',
    ],
    [
      '6.6/21: one of the two',
      'BudgetTwice',
      { disruptionBudget: { minAvailable: 1, maxUnavailable: 1 } },
      'disruptionBudget.minAvailable is 1, but must be left out where maxUnavailable is given',
    ],
    ...(
      [
        ['/dev/shm', '/dev/shm'],
        ['/home/postgres/pgdata/data/x', '/home/postgres/pgdata'],
        ['/etc/patroni/', '/etc/patroni'],
        ['/home/postgres', '/home/postgres/pgdata'],
        ['/var/run/postgresql', '/var/run/postgresql'],
        ['/', '/home/postgres/pgdata'],
      ] as const
    ).map(
      ([path, used]): Refusal => [
        `6.6/24: mount at ${path}`,
        'MountCollides',
        mount(path),
        `pod.volumeMounts is "${path}", but must be a path apart from ${used}, which is in use`,
      ],
    ),
    [
      '6.6/24: volume names',
      'VolumeNameTaken',
      mount('/extra', 'dshm'),
      'pod.volumeMounts is "dshm", but must be a volume name other than data, wal, run',
    ],
    [
      '6.6/24: sidecar names',
      'SidecarNameTaken',
      { pod: { sidecars: [{ image: 'x:1', name: 'agent' }] } },
      'pod.sidecars is "agent", but must be a container name other than patroni, agent',
    ],
    [
      '6.6/24: two sidecars of one name',
      'SidecarNameTaken',
      { pod: { sidecars: [{ image: 'x:1' }, { image: 'y:1' }] } },
      'pod.sidecars is "main", but must be a container name other than patroni … main',
    ],
    [
      "6.6/24: a sidecar's volume named as one of ours",
      'VolumeNameTaken',
      (scope: Construct) => sidecar({ volumeMounts: [{ path: '/x', volume: volume(scope, 'data') }] }),
      'pod.sidecars is "data", but must be volumes named other than data, wal, run',
    ],
    [
      '6.6/24: an init container named as one of ours',
      'SidecarNameTaken',
      { pod: { initContainers: [{ image: 'x:1', name: 'patroni' }] } },
      'pod.initContainers is "patroni", but must be a container name other than patroni, agent',
    ],
    [
      '6.6/24: an init container named as a sidecar',
      'SidecarNameTaken',
      { pod: { sidecars: [{ image: 'x:1', name: 'x' }], initContainers: [{ image: 'x:1', name: 'x' }] } },
      'pod.initContainers is "x", but must be a container name other than patroni, agent, x',
    ],
    [
      "6.6/24: an init container's probe",
      'InitContainerProbe',
      { pod: { initContainers: [{ image: 'x:1', liveness: kplus.Probe.fromCommand(['true']) }] } },
      'pod.initContainers is "main", but must be without probes',
    ],
    [
      "6.6/24: a volume named as a tablespace's",
      'VolumeNameTaken',
      (scope: Construct) => ({
        ...mount('/extra', 'tablespace-cold')(scope),
        postgresql: { tablespaces: [{ name: 'cold', storage: { size: Size.gibibytes(1) } }] },
      }),
      'pod.volumeMounts is "tablespace-cold", but must be a volume name other than data, wal, run',
    ],
    ...['PATRONI_SCOPE', 'PATRONICTL_CONFIG_FILE', 'PGDATA', 'PGHOST', 'PGOPTIONS', 'SUPERUSER', 'PKGLIBDIR', 'POD_REVISION', 'WALDIR'].map(
      (name): Refusal => [
        `6.6/24: the variable ${name}`,
        'EnvironmentReserved',
        { pod: { env: { [name]: kplus.EnvValue.fromValue('x') } } },
        `pod.env is "${name}", but must be left out`,
      ],
    ),
    [
      '6.6/24: the name of a variable',
      'EnvironmentNameInvalid',
      { pod: { env: { 'a-b': kplus.EnvValue.fromValue('x') } } },
      'pod.env is "a-b", but must be letters, digits and _',
    ],
    [
      '6.6/23: a new pod that says it leads',
      'PodLabelReserved',
      { pod: { labels: { role: 'primary' } } },
      'pod.labels is "role", but must be a key outside app.kubernetes.io and other than role',
    ],
    ...['application', 'cluster-name', 'patroni-bootstrap'].map(
      (key): Refusal => [
        `6.6/23: the label ${key}`,
        'PodLabelReserved',
        { pod: { labels: { [key]: 'x' } } },
        `pod.labels is "${key}", but must be a key outside app.kubernetes.io and other than role, patroni-bootstrap, application, cluster-name`,
      ],
    ),
    [
      '6.6/24: pod labels',
      'PodLabelReserved',
      { pod: { labels: { 'app.kubernetes.io/name': 'x' } } },
      'pod.labels is "app.kubernetes.io/name", but must be a key outside app.kubernetes.io',
    ],
  ],
  refusedSomehow: [['6.6/14: an image that refers to itself', (scope: Construct) => ({ image: scope })]],
  warned: [
    [
      'network: no policy',
      'RestApiOpen',
      { networkPolicy: { enabled: false } },
      'networkPolicy.enabled is false',
      'port 8008 asks for no password',
      'give patroni.restApi',
      'only the members',
    ],
    [
      '6.6/13: shared access mode',
      'AccessModeShared',
      { storage: { size: Size.gibibytes(1), accessModes: [kplus.PersistentVolumeAccessMode.READ_WRITE_MANY] } },
      'storage.accessModes has ReadWriteMany',
      'ReadWriteOnce lets Kubernetes prevent that',
    ],
    [
      '6.6/13: shared access mode of the WAL',
      'AccessModeShared',
      { walStorage: { size: Size.gibibytes(1), accessModes: [kplus.PersistentVolumeAccessMode.READ_WRITE_MANY] } },
      'walStorage.accessModes has ReadWriteMany',
    ],
    [
      '6.6/22: liveness path',
      'LivenessPathUnusual',
      { pod: { probes: { livenessPath: '/health' } } },
      "pod.probes.livenessPath is '/health'",
      'crash recovery',
    ],
  ],
  accepted: [
    ['6.6/13: growing', { storage: { size: Size.gibibytes(40), initialSize: Size.gibibytes(20) } }],
    ['6.6/14: a digest alone', image(undefined, DIGEST)],
    ['6.6/14: a registry with a port', image('17', DIGEST, 'localhost:5000/postgres')],
    ['6.6/14: a version of Kubernetes is no PostgreSQL', image('1.27-pgvector0.8', DIGEST)],
    ['6.6/20: Endpoints need no readiness', { dcs: 'endpoints', pod: { probes: { readiness: false } } }],
    ['6.6/21: one may go', { disruptionBudget: { minAvailable: 2 } }],
    ['6.6/21: one member has no budget', { members: 1, disruptionBudget: { minAvailable: 1 } }],
    [
      '6.6/24: variables of others',
      { pod: { env: { TZ: kplus.EnvValue.fromValue('UTC'), PGBACKREST_LOG_LEVEL_CONSOLE: kplus.EnvValue.fromValue('info') } } },
    ],
    ['6.6/23: a label that they have anyway', { pod: { labels: { application: 'patroni' } } }],
    ['6.6/24: beside what is in use', mount('/home/postgres/extra')],
  ],
};
