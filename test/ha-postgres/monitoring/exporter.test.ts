import { Size } from 'cdk8s';
import { parse } from 'yaml';
import { type HaPostgresProps, Image } from '../../../lib';
import { networkPolicy } from '../../../lib/ha-postgres/network-policy';
import { localConfiguration, wantedRoles } from '../../../lib/ha-postgres/patroni';
import { podTemplate } from '../../../lib/ha-postgres/pod';
import { type Json, plain, planOf } from '../../support';

const scrapedBy = { namespace: 'monitoring', podLabels: { app: 'prometheus' } };
const WITH: Partial<HaPostgresProps> = { monitoring: { scrapedBy } };
const WITHOUT: Partial<HaPostgresProps>[] = [{}, { monitoring: { scrapedBy, exporter: false } }];

const containers = (props: Partial<HaPostgresProps>): Json[] => plain(podTemplate(planOf(props))).spec.containers;
const exporter = (props: Partial<HaPostgresProps> = WITH): Json => containers(props).find((c) => c.name === 'exporter');
const local = (props: Partial<HaPostgresProps>): Json => parse(localConfiguration(planOf(props))).postgresql;

describe('the exporter', () => {
  test('logs in over the socket as who it is, and there is no password', () => {
    const [source] = exporter().env;
    expect(source.name).toBe('DATA_SOURCE_NAME');
    expect(source.value.split(' ')).toEqual(expect.arrayContaining(['host=/var/run/postgresql', 'user=monitor', 'dbname=postgres']));
    expect(JSON.stringify(exporter())).not.toMatch(/password|secretKeyRef/i);
  });

  test('is nobody, who owns no password file and is no superuser for pg_hba.conf, and may write nothing', () => {
    expect(exporter().securityContext).toMatchObject({ runAsUser: 65534, runAsGroup: 65534, readOnlyRootFilesystem: true });
    expect(exporter().volumeMounts).toEqual([
      { name: 'run', mountPath: '/var/run/postgresql', readOnly: true },
      { name: 'scripts', mountPath: '/scripts', readOnly: true },
    ]);
  });

  test('has no probe: a member without figures stays in service', () => {
    for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) expect(exporter()).not.toHaveProperty(probe);
  });

  test('listens on the port that Prometheus looks for', () => {
    expect(exporter().ports).toEqual([{ name: 'metrics', containerPort: 9187, protocol: 'TCP' }]);
  });

  test('has the collector that an alert needs, and further arguments after it', () => {
    const args = ['--collector.database_wraparound', '--no-collector.stat_user_tables', '--no-collector.statio_user_tables'];
    expect(exporter()).toMatchObject({ command: ['sh', '/scripts/exporter.sh'], args });
    expect(exporter({ monitoring: { scrapedBy, exporter: { args: ['--no-collector.locks'] } } }).args).toEqual([
      ...args,
      '--no-collector.locks',
    ]);
  });

  test.each([
    [undefined, { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '64Mi' } }, '57MiB'],
    [{ memory: { limit: Size.mebibytes(200) } }, { requests: { cpu: '10m', memory: '200Mi' }, limits: { memory: '200Mi' } }, '180MiB'],
  ])('keeps below its memory limit %#', (resources, written, soft) => {
    const made = exporter({ monitoring: { scrapedBy, exporter: { resources } } });
    expect(made.resources).toEqual(written);
    expect(made.env).toContainEqual({ name: 'GOMEMLIMIT', value: soft });
  });

  test('is the image that is named', () => {
    expect(exporter().image).toMatch(/^quay\.io\/prometheuscommunity\/postgres-exporter:v\d+\.\d+\.\d+$/);
    const image = Image.of('registry.example/exporter', { tag: 'v1' });
    expect(exporter({ monitoring: { scrapedBy, exporter: { image } } }).image).toBe('registry.example/exporter:v1');
  });

  test.each(WITHOUT)('is not there without being asked for %#', (props) => {
    expect(containers(props).map((c) => c.name)).toEqual(['patroni', 'agent']);
    expect(local(props)).toMatchObject({ pg_hba: local({}).pg_hba, pg_ident: ['superuser postgres postgres'] });
    expect(wantedRoles(planOf(props))).toMatchObject({ roles: [] });
  });
});

describe('its role', () => {
  test('may read statistics, log in from the socket only, and take no more than a few connections', () => {
    expect(wantedRoles(planOf({ ...WITH, roles: [{ name: 'readers' }] }))).toMatchObject({
      roles: [
        { name: 'readers' },
        { name: 'monitor', login: true, createdb: false, createrole: false, connectionLimit: 5, memberOf: ['pg_monitor'] },
      ],
    });
    // before the line that would ask it for a password
    expect(local(WITH).pg_hba.slice(0, 3)).toEqual([
      'local all postgres peer map=superuser',
      'local all monitor peer map=monitor',
      'local all all scram-sha-256',
    ]);
    expect(local(WITH).pg_ident).toEqual(['superuser postgres postgres', 'monitor nobody monitor']);
  });

  test('on OpenShift all containers of a pod are one user, whose name is its number', () => {
    expect(local({ ...WITH, openShift: true }).pg_ident).toContain('monitor /^[0-9]+$ monitor');
    expect(exporter({ ...WITH, openShift: true }).securityContext).not.toHaveProperty('runAsUser');
  });
});

describe('who scrapes', () => {
  const rules = (props: Partial<HaPostgresProps>): Json[] => plain(networkPolicy(planOf(props), [])).spec.ingress;
  const from = [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
      podSelector: { matchLabels: { app: 'prometheus' } },
    },
  ];
  const ports = (...numbers: number[]) => numbers.map((port) => ({ port, protocol: 'TCP' }));

  test('reaches the two ports of metrics, and never PostgreSQL', () => {
    expect(rules(WITH).slice(1)).toEqual([{ from, ports: ports(8008, 9187) }]);
  });

  test('reaches only what there is', () => {
    expect(rules(WITHOUT[1] ?? {}).slice(1)).toEqual([{ from, ports: ports(8008) }]);
    expect(rules({})).toHaveLength(1);
  });
});
