import { App, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { type BackupOptions, BackupTarget, CertificateSource, HaPostgres, type HaPostgresProps, Image, SecretKey } from '../lib';
import { type HaPostgresPlan, planHaPostgres } from '../lib/ha-postgres/plan';

/** What lands on stderr of a user's synth; silent here, and there to be asked. */
export const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);

// biome-ignore lint/suspicious/noExplicitAny: finished JSON has no type; a wrong path shows as undefined in the expectation
export type Json = any;

export const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** A login of the Secret that the tests speak of. */
export function login(key: string): { password: SecretKey } {
  return { password: SecretKey.of('orders-postgres', key) };
}

/** The least that is valid. That there are no backups is the one thing to warn about. */
export function minimalProps(): HaPostgresProps {
  return {
    image: Image.of('registry.example/postgres', { tag: 'pg17.10', digest: DIGEST }),
    credentials: { superuser: login('superuser'), replication: login('replication'), rewind: login('rewind') },
    storage: { size: Size.gibibytes(20) },
    walStorage: { size: Size.gibibytes(5) },
    resources: { cpu: { request: kplus.Cpu.millis(500) }, memory: { limit: Size.gibibytes(2) } },
  };
}

/** The least of backups that is valid and about which there is nothing to warn. */
export function minimalBackups(): BackupOptions {
  const key = (name: string) => SecretKey.of('orders-backup', name);
  return {
    repository: BackupTarget.s3({
      path: '/orders/1',
      bucket: 'backups',
      region: 'eu-central-1',
      credentials: { accessKey: key('access-key'), secretKey: key('secret-key') },
    }),
    certificate: CertificateSource.secret('orders-pgbackrest-tls'),
    retention: { full: 2 },
  };
}

/** An app of its own, and in it one chart; `namespace` is none unless given. */
export function emptyChart(namespace?: string): Chart {
  return new Chart(new App(), 'test', { namespace });
}

/** The plan of an instance `orders` with these changes to the minimal props. */
export function planOf(props: Partial<HaPostgresProps> = {}, namespace?: string): HaPostgresPlan {
  return planHaPostgres(new Construct(emptyChart(namespace), 'orders'), { ...minimalProps(), ...props }, namespace);
}

/** An instance with these changes to the minimal props. */
export function postgresIn(scope: Construct, props: Partial<HaPostgresProps> = {}, id = 'orders'): HaPostgres {
  return new HaPostgres(scope, id, { ...minimalProps(), ...props });
}

/** A chart with one instance `orders`. */
export function chartWith(props: Partial<HaPostgresProps> = {}, namespace?: string): Chart {
  const chart = emptyChart(namespace);
  postgresIn(chart, props);
  return chart;
}

const synthesized = new WeakMap<Chart, Json[]>();

/** The finished objects, as they would be applied; synthesized once. */
export function objectsOf(chart: Chart): Json[] {
  const objects = synthesized.get(chart) ?? chart.toJson();
  synthesized.set(chart, objects);
  return objects;
}

/** The one object of that kind and name. */
export function objectOf(chart: Chart, kind: string, name: string): Json {
  const found = objectsOf(chart).filter((o) => o.kind === kind && o.metadata.name === name);
  if (found.length === 1) return found[0];
  throw new Error(`${found.length} objects ${kind}/${name}; there are ${namesOf(chart).join(', ')}`);
}

/** `Kind/name` of every object, sorted. */
export function namesOf(chart: Chart): string[] {
  return objectsOf(chart)
    .map((o) => `${o.kind}/${o.metadata.name}`)
    .sort();
}

/** What a call returns, or else throws. */
export function outcomeOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

/** JSON as it would reach the API server: value objects resolved, what is undefined left out. */
export function plain(value: unknown): Json {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value, (_, v) => (isValueObject(v) ? v.value : v)));
}

/** Whether it is an `IntOrString` or a `Quantity` of the typed objects. */
function isValueObject(value: Json): boolean {
  return ['IntOrString', 'Quantity'].includes(value?.constructor?.name);
}
