import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { CertificateSource, ConstructError, HaPostgres, SecretKey } from '../../lib';
import { emptyChart, type Json, login, minimalBackups, minimalProps, objectsOf, outcomeOf } from '../support';

/** A value for most options, so that each can be replaced by what it must not be. */
function props(): Json {
  const storage = { size: Size.gibibytes(1) };
  return {
    ...minimalProps(),
    roles: [{ name: 'a', ...login('a'), memberOf: ['b'], connectionLimit: 3 }, { name: 'b' }],
    databases: [{ name: 'a', owner: 'a' }],
    postgresql: {
      parameters: { work_mem: '4MB' },
      pgHba: ['local all all peer'],
      initdb: { walSegmentSize: Size.mebibytes(16) },
      tablespaces: [{ name: 'x', storage, owner: 'a' }],
      extensions: [{ name: 'pg_trgm', databases: ['a'] }],
      hugePages: Size.mebibytes(1088),
    },
    patroni: {
      ttl: Duration.seconds(30),
      labels: { application: 'x' },
      scopeLabel: 's',
      restApi: login('rest'),
      callbacks: { onStart: 'x' },
    },
    placement: { spread: 'preferred', nodeSelector: { a: 'b' }, tolerations: [{ key: 'a', effect: 'NoSchedule' }] },
    disruptionBudget: { maxUnavailable: 1 },
    pod: {
      imagePullSecrets: ['x'],
      labels: { a: 'b' },
      sidecars: [{ image: 'x:1' }],
      env: { A: kplus.EnvValue.fromValue('1') },
      volumeMounts: [],
      sharedMemory: Size.mebibytes(64),
      probes: { startupBudget: Duration.minutes(5), readiness: true },
    },
    networkPolicy: { clients: [{ podLabels: { a: 'b' } }], apiServerCidrs: ['10.0.0.0/8'], apiServerPorts: [443], storePorts: [443] },
    backups: {
      ...minimalBackups(),
      schedules: { full: '0 0 * * 0', timeZone: 'Etc/UTC' },
      archiveQueueMax: Size.gibibytes(1),
      drill: { storage, query: 'SELECT 1' },
      resources: { cpu: { request: kplus.Cpu.millis(5) } },
    },
    tls: {
      certificate: CertificateSource.certManager({ issuer: 'ca', duration: Duration.days(30) }),
      clientAuthority: SecretKey.of('x', 'y'),
    },
    services: {
      primary: { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8'] },
      ipFamilies: ['IPv4'],
      route: { gateway: 'x' },
    },
    pooler: { login: login('pooler'), replicas: 2, parameters: { a: 1 }, resources: {}, placement: {}, service: {} },
    monitoring: {
      scrapedBy: { namespace: 'm' },
      exporter: { args: [] },
      podMonitor: {},
      rules: { thresholds: { volumeUse: 5 } },
      dashboard: {},
    },
    standbyOf: { host: 'x', port: 1, applyDelay: Duration.hours(1) },
  };
}

/** The way to every value, but not into what is a unit. */
function ways(value: Json, way: string[] = []): string[][] {
  const isLeaf = typeof value !== 'object' || value === null || 'toMilliseconds' in value || 'toMebibytes' in value;
  return isLeaf ? [way] : [way, ...Object.entries(value).flatMap(([key, inner]) => ways(inner, [...way, key]))];
}

function made(given: Json): unknown {
  const chart = emptyChart();
  return outcomeOf(() => {
    new HaPostgres(chart, 'orders', given);
    objectsOf(chart);
  });
}

/** The props with one value replaced. */
function replaced(way: string[], value: unknown): Json {
  const given = props();
  const holder = way.slice(0, -1).reduce((inner, key) => inner[key], given);
  Object.assign(holder, { [way.at(-1) ?? '']: value });
  return given;
}

/** What the checks say of the objects that come of it, each line with its rule. */
function isFinding(outcome: unknown): boolean {
  const [head, ...lines] = outcome instanceof Error ? outcome.message.split('\n') : [];
  return (
    head === 'Validation failed with the following errors:' && lines.every((line) => /^ {2}\[test\/orders\] .* \[[A-Z]+-\d+\]$/.test(line))
  );
}

test('the props are right as they are', () => {
  expect(made(props())).toBeUndefined();
});

test.each([['a text'], [''], [5], [-1], [true], [null], [[]], [{}], [[undefined]], [[null]], [[5]], [['x']]])(
  'what plain JavaScript may give, %j, is right or refused in a sentence, wherever it is',
  (value) => {
    const crashes = ways(props())
      .filter((way) => way.length > 0)
      .flatMap((way) => {
        const outcome = made(replaced(way, value));
        return outcome === undefined || outcome instanceof ConstructError || isFinding(outcome) ? [] : [`${way.join('.')}: ${outcome}`];
      });
    expect(crashes).toEqual([]);
  },
);
