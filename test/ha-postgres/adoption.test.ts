import { Size } from 'cdk8s';
import { Adoption, type AdoptionOptions, type HaPostgresProps } from '../../lib';
import { adoptedParameters } from '../../lib/ha-postgres/adoption';
import { localConfiguration } from '../../lib/ha-postgres/patroni';
import { chartWith, type Json, login, minimalProps, objectOf, outcomeOf, planOf } from '../support';
import { manifest, paths, reviewed, without } from './manifest';

const adopted = (adopt: AdoptionOptions): Partial<HaPostgresProps> => ({
  adopt,
  walStorage: adopt.walClaim ? { size: Size.gibibytes(5) } : undefined,
  postgresql: { parameters: { max_connections: 200 } },
});

/** What of a cluster's members must be as it was, or the data is not found, or the members do not find each other. */
function identityOf({ metadata, spec }: Json): Json {
  const { containers, securityContext } = spec.template.spec;
  const claims = spec.volumeClaimTemplates.map((claim: Json) => claim.metadata.name);
  const mount = (claim: string) => containers[0].volumeMounts.find((m: Json) => m.name === claim)?.mountPath;
  const env = (name: string) => containers[0].env.find((e: Json) => e.name === name)?.value;
  return {
    name: metadata.name,
    claims: claims.map((claim: string) => `${claim} ${mount(claim)}`),
    folders: [env('PGDATA'), env('WALDIR')],
    user: [securityContext.runAsUser, securityContext.runAsGroup, securityContext.fsGroup],
    selector: spec.selector.matchLabels,
  };
}

describe('a cluster of', () => {
  test.each<[string, AdoptionOptions, object]>([
    [
      'timescaledb-single',
      Adoption.timescaledbSingle('orders'),
      {
        name: 'orders-timescaledb',
        claims: ['storage-volume /var/lib/postgresql', 'wal-volume /var/lib/postgresql/wal'],
        folders: ['/var/lib/postgresql/data', '/var/lib/postgresql/wal/pg_wal'],
        user: [1000, 1000, 1000],
        selector: { app: 'orders-timescaledb', release: 'orders', 'cluster-name': 'orders' },
      },
    ],
    [
      'Spilo under the operator',
      Adoption.spilo(),
      {
        name: 'orders',
        claims: ['pgdata /home/postgres/pgdata'],
        folders: ['/home/postgres/pgdata/pgroot/data', undefined],
        user: [101, 103, 103],
        selector: { application: 'spilo', 'cluster-name': 'orders' },
      },
    ],
    [
      "Patroni's example",
      Adoption.patroniExample(),
      {
        name: 'orders',
        claims: ['pgdata /home/postgres/pgdata'],
        folders: ['/home/postgres/pgdata/pgroot/data', undefined],
        user: [999, 999, 999],
        selector: { application: 'patroni', 'cluster-name': 'orders' },
      },
    ],
  ])('%s keeps its name, claims, paths, user and labels', (_, adopt, expected) => {
    const { statefulSetName = 'orders' } = adopt;
    const statefulSet = objectOf(chartWith(adopted(adopt)), 'StatefulSet', statefulSetName);
    expect(identityOf(statefulSet)).toEqual(expected);
    expect(statefulSet.spec.template.metadata.labels).toMatchObject(statefulSet.spec.selector.matchLabels);
  });

  test.each([
    ['orders', 'orders-timescaledb'],
    ['my-timescaledb', 'my-timescaledb'],
  ])('the chart under release %s has the StatefulSet %s', (release, name) => {
    expect(Adoption.timescaledbSingle(release)).toMatchObject({ statefulSetName: name, labels: { app: name, release } });
  });
});

test('everything that looks for members looks for the labels they had before, so old and new are found', () => {
  const chart = chartWith(adopted(Adoption.spilo({ dcs: 'configMaps' })));
  const labels = { application: 'spilo', 'cluster-name': 'orders' };
  expect(objectOf(chart, 'Service', 'orders').spec.selector).toEqual({ ...labels, 'spilo-role': 'master' });
  expect(objectOf(chart, 'Service', 'orders-replica').spec.selector).toEqual({ ...labels, 'spilo-role': 'replica' });
  expect(objectOf(chart, 'PodDisruptionBudget', 'orders').spec.selector.matchLabels).toEqual(labels);
  const { podSelector, ingress } = objectOf(chart, 'NetworkPolicy', 'orders').spec;
  expect([podSelector, ingress[0].from[0].podSelector]).toEqual([{ matchLabels: labels }, { matchLabels: labels }]);
});

test('the port of the Services has the name that old members write, and their containers need not name theirs', () => {
  const portOf = (adopt: AdoptionOptions, service: string) => objectOf(chartWith(adopted(adopt)), 'Service', service).spec.ports;
  const port = { port: 5432, protocol: 'TCP', targetPort: 5432 };
  expect(portOf(Adoption.patroniExample(), 'orders')).toEqual([port]);
  expect(portOf(Adoption.spilo(), 'orders-replica')).toEqual([{ name: 'postgresql', ...port }]);
  expect(localConfiguration(planOf(adopted(Adoption.patroniExample())))).toContain('ports:\n    - port: 5432\n');
});

test('a member may change the status of the pods that the StatefulSet makes', () => {
  const { rules } = objectOf(chartWith(adopted(Adoption.timescaledbSingle('orders'))), 'Role', 'orders-patroni');
  expect(rules[3].resourceNames.slice(0, 2)).toEqual(['orders-timescaledb-0', 'orders-timescaledb-1']);
});

test('of what is said twice, the props win over the adoption, and the adoption over the defaults', () => {
  const { logins, patroni, dcs } = planOf({
    ...adopted(Adoption.spilo()),
    credentials: { superuser: login('a'), replication: { username: 'stream', ...login('b') }, rewind: login('c') },
    patroni: { followerLabelValue: 'follow' },
  });
  expect(logins).toEqual({ superuser: 'postgres', replication: 'stream', rewind: 'rewind' });
  expect([dcs, patroni.roleLabel, patroni.leaderLabelValue, patroni.followerLabelValue]).toEqual([
    'endpoints',
    'spilo-role',
    'master',
    'follow',
  ]);
  expect(planOf(adopted(Adoption.spilo())).logins.replication).toBe('standby');
});

test('passwords that were never set anew still let in, until the adoption says scram', () => {
  const hba = (adopt?: AdoptionOptions) => localConfiguration(planOf(adopt && adopted(adopt))).match(/- (local|host) .*/g);
  expect(hba(Adoption.patroniExample())).toEqual([
    '- local all postgres peer map=superuser',
    '- local all all md5',
    '- host replication standby all md5',
    '- host postgres rewind all md5',
    '- host all all all md5',
  ]);
  for (const own of [undefined, Adoption.patroniExample({ authMethod: 'scram-sha-256' })]) {
    expect(hba(own)?.filter((line) => line.includes('md5'))).toEqual([]);
  }
});

test('a new member does not start with certificates and archives that only old ones have, though the shared configuration is theirs', () => {
  expect(adoptedParameters(minimalProps())).toEqual({});
  expect(adoptedParameters({ ...minimalProps(), adopt: {} })).toEqual({ ssl: 'off', archive_mode: 'off' });
  expect(localConfiguration(planOf(adopted(Adoption.spilo())))).toMatch(/parameters:\n(.*\n)*? {4}ssl: "?off"?\n/);
});

test.each([
  [undefined, { type: 'RollingUpdate' }],
  [2, { type: 'RollingUpdate', rollingUpdate: { partition: 2 } }],
])('with partition %s the update is %j', (partition, expected) => {
  const chart = chartWith(adopted(Adoption.patroniExample({ partition })));
  expect(objectOf(chart, 'StatefulSet', 'orders').spec.updateStrategy).toEqual(expected);
});

describe('every option', () => {
  const every: Required<AdoptionOptions> = {
    dataClaim: 'pgdata',
    dataMount: '/pg',
    pgdata: '/pg/root/data',
    walClaim: 'pgwal',
    walMount: '/pgwal',
    waldir: '/pgwal/root/pg_wal',
    userId: 26,
    groupId: 27,
    statefulSetName: 'orders-db',
    portName: 'pg',
    dcs: 'configMaps',
    labels: { app: 'orders' },
    scopeLabel: 'cluster',
    roleLabel: 'pg-role',
    leaderLabelValue: 'master',
    superuser: 'root',
    replication: 'standby',
    authMethod: 'scram-sha-256',
    partition: 2,
  };
  const all = () => ({ ...minimalProps(), ...adopted(every) });
  const full = manifest(all);

  test('is in the manifest that was reviewed', () => {
    expect(full).toBe(reviewed('adopted', full));
  });

  test.each(paths(every))('has an effect: %s', (path) => {
    expect(outcomeOf(() => manifest(() => ({ ...all(), adopt: without(every, path.split('.')) })))).not.toBe(full);
  });
});
