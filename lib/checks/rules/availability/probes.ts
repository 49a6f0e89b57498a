import { type Database, databaseOf } from '../../manifests/databases';
import { at, fields, isFields, list } from '../../manifests/look';
import type { Container, Manifest, PodTemplate } from '../../manifests/manifests';
import type { Found, Rule } from '../../rule';

type WithPods = Manifest & { readonly pod: PodTemplate };

/** HA-3: a database is given the time it needs, and no probe kills what works. */
export const probesAreGentle: Rule = {
  id: 'HA-3',
  severity: 'warning',
  title: 'time to shut down and to recover, and a liveness probe that is neither the readiness probe nor a query',
  runs: ['synth', 'check'],
  source:
    'kube-score pod-probes-identical; https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/; per database see lib/checks/manifests/databases.ts',
  *find(manifests) {
    for (const manifest of manifests.withPods) {
      for (const container of manifest.pod.containers) {
        yield* sameProbe(manifest, container);
        yield* query(manifest, container);
        const database = container.role === 'init' ? undefined : databaseOf(container, manifest);
        if (!database) continue;
        yield* shutdown(manifest, database);
        yield* recovery(manifest, container, database);
      }
    }
  },
};

function* shutdown(manifest: WithPods, { name, shutdown: needed, source }: Database): Iterable<Found> {
  const given = manifest.pod.spec.terminationGracePeriodSeconds ?? 30;
  if (typeof given !== 'number' || given >= needed) return;
  const message = `${name} is killed after ${given} s, while it may still write what it has in memory, and then has to recover`;
  const fix = `set terminationGracePeriodSeconds to ${needed} or more: ${source}`;
  yield { manifest, field: `${manifest.pod.path}.spec.terminationGracePeriodSeconds`, message, fix };
}

/** The time after a start in which a liveness probe must not give up: what a startup probe, or a long delay, gives. */
const RECOVERY = 300;

function* recovery(manifest: WithPods, { spec, path }: Container, { name }: Database): Iterable<Found> {
  const probe = fields(spec, 'livenessProbe');
  const delay = number(probe.initialDelaySeconds, 0) + patience(probe);
  if (!isFields(spec.livenessProbe) || isFields(spec.startupProbe) || delay >= RECOVERY) return;
  const message = `without a startup probe ${name} is killed ${delay} s into a recovery, again and again`;
  yield { manifest, field: `${path}.livenessProbe`, message, fix: 'add a startupProbe that waits for as long as a recovery may take' };
}

const HANDLERS = ['exec', 'grpc', 'httpGet', 'tcpSocket'];

/** The same question is well where its answer restarts the pod later than it takes it out of its Services. */
function* sameProbe(manifest: WithPods, { spec, path }: Container): Iterable<Found> {
  const [liveness, readiness] = [fields(spec, 'livenessProbe'), fields(spec, 'readinessProbe')];
  const handler = HANDLERS.find((name) => isFields(liveness[name]) && isFields(readiness[name]));
  if (!handler || !isSame(liveness[handler], readiness[handler]) || patience(liveness) > patience(readiness)) return;
  const message = `liveness asks what readiness asks and gives up no later (${patience(liveness)} s), so what is only busy is killed`;
  const fix = 'ask something that fails only where a restart helps, or raise failureThreshold of the liveness probe';
  yield { manifest, field: `${path}.livenessProbe`, message, fix };
}

/** Seconds from the first failure until a probe is taken to have failed; 10 and 3 are the defaults. */
function patience(probe: unknown): number {
  return number(at(probe, 'periodSeconds'), 10) * number(at(probe, 'failureThreshold'), 3);
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function isSame(a: unknown, b: unknown): boolean {
  if (!isFields(a) || !isFields(b)) return a === b;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => (Array.isArray(a[key]) ? isSameList(a[key], b[key]) : a[key] === b[key]));
}

function isSameList(a: readonly unknown[], b: unknown): boolean {
  return Array.isArray(b) && a.length === b.length && a.every((value, i) => value === b[i]);
}

/** A client of a database as a program of its own, and not as part of a name: neither `mysqladmin` nor `/opt/mysql/bin`. */
const CLIENT = /(?:^|[\s/"'`;&|(])(psql|mysql|mariadb|cqlsh|sqlcmd|sqlplus|clickhouse-client|taos)(?=$|[\s"'`;&|)])/;
const STATEMENT = /\bselect\b|\s-[a-z]*[ceq]\b|\s--(?:command|execute|query)\b/i;

function* query(manifest: WithPods, { spec, path }: Container): Iterable<Found> {
  const command = list(spec, 'livenessProbe', 'exec', 'command')
    .filter((word) => typeof word === 'string')
    .join(' ');
  const client = CLIENT.exec(command);
  if (!client || !(STATEMENT.test(command.slice(client.index)) || /\bselect\b/i.test(command))) return;
  const message = `the liveness probe runs a query with ${client[1]}: a database that recovers, or has no connection left, is killed for it`;
  const fix = 'ask whether the process works, e.g. with pg_isready or a TCP connection; leave queries to the readiness probe';
  yield { manifest, field: `${path}.livenessProbe`, message, fix };
}
