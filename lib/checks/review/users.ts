import { allOf } from '../compare/kinds';
import { counted } from '../compare/words';
import { replicasOf, type Workload } from '../compare/workload';
import { list, text, texts } from '../manifests/look';
import type { Manifest, Manifests } from '../manifests/manifests';
import { takes } from '../manifests/selector';
import { listed } from '../manifests/words';
import { type Database, databaseOf } from './databases';
import type { Risk } from './note';
import { deploymentSteps, type Rollout } from './rollout';

/** What those who use a workload notice. */
export interface Notice {
  readonly risk: Risk;
  readonly sentences: readonly string[];
}

const NOTHING: Notice = { risk: 'safe', sentences: [] };

/** While its pods restart. @param before as it is: its pods are those that run */
export function noticed(before: Workload, workload: Workload, rollout: Rollout, all: Manifests): Notice {
  if (['none', 'next-run', 'when-deleted'].includes(rollout.restarts)) return NOTHING;
  const replicas = replicasOf(before, all);
  if (rollout.restarts === 'at-once') return risky(outage(workload, 'from the stop of the old pods until the new ones are ready'));
  if (workload.kind === 'StatefulSet') return ofSet(before, workload, replicas, rollout, all);
  if (workload.kind === 'Deployment') return ofDeployment(workload, replicas, all);
  if (workload.kind === 'DaemonSet') return { risk: 'safe', sentences: ['on each node its pod is away for the time of a restart'] };
  return risky(outage(workload, 'until it runs again'));
}

function risky(...sentences: string[]): Notice {
  return { risk: 'risky', sentences };
}

function outage({ name }: Manifest, when: string): string {
  return `${name} is not available ${when}`;
}

function ofSet(before: Workload, set: Workload, replicas: number, rollout: Rollout, all: Manifests): Notice {
  const database = databaseOf(before, all);
  if (replicas === 1) return risky(outage(set, `from the stop of ${listed(rollout.pods)} until it is ready again: there is no other pod`));
  return risky(
    database
      ? handOver(database)
      : 'each pod is away for the time of its restart: clients that need this one, by its name or for what only it holds, wait',
  );
}

/** https://github.com/patroni/patroni/blob/master/docs/faq.rst; the figures are those of bench/results/e2e-ha-postgres.md. */
function handOver(database: Database): string {
  switch (database.kind) {
    case 'ha-postgres':
      return 'the leader hands over to another member before its pod stops, twice at most: writes wait about 2.7 s (median of 10 measured runs, at most 2.9 s) and connections to it end; reads from replicas go on';
    case 'patroni':
      return 'Patroni makes another member the leader when the pod of the present one stops: writes fail for some seconds, and connections to it end';
    case 'other':
      return `the pod of ${database.name} that leads, or holds what a client wants, restarts too: its connections end, and writes may fail until another takes over or it is back`;
  }
}

function ofDeployment(deployment: Workload, replicas: number, all: Manifests): Notice {
  const { surge, unavailable } = deploymentSteps(deployment, replicas);
  const jam = sharedVolume(deployment, surge, all);
  if (jam) return risky(jam);
  const services = servicesOf(deployment, all);
  if (services.length === 0) return { risk: 'safe', sentences: ['no Service sends requests to it'] };
  if (unavailable >= replicas) return risky(outage(deployment, 'until a new pod is ready: all the old ones may stop first'));
  const unready = deployment.pod.containers.filter(({ role, spec }) => role === 'main' && spec.readinessProbe === undefined);
  const names = listed(services.map(({ name }) => name));
  if (unready.length === deployment.pod.containers.filter(({ role }) => role === 'main').length) {
    return risky(`requests through Service ${names} may fail: without a readiness probe they reach pods that have only just started`);
  }
  return { risk: 'safe', sentences: [`nothing: behind Service ${names} a new pod is ready before an old one stops`] };
}

/** A volume that one node can have at a time: a second pod on another node waits for the first to go, which waits for the second. */
function sharedVolume({ pod, namespace }: Workload, surge: number, all: Manifests): string | undefined {
  if (surge === 0) return undefined;
  for (const volume of list(pod.spec, 'volumes')) {
    const name = text(volume, 'persistentVolumeClaim', 'claimName') ?? '';
    const modes = list(all.get('', 'PersistentVolumeClaim', namespace, name)?.object, 'spec', 'accessModes');
    if (modes.length > 0 && modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod')) {
      return `the new pod wants claim ${name} while the old one has it: it is ${String(modes[0])}, so on another node the rollout hangs (strategy Recreate avoids that)`;
    }
  }
  return undefined;
}

/** Services that send requests to a workload's pods. */
export function servicesOf({ namespace, pod }: Workload, all: Manifests): Manifest[] {
  return selectorsOf(all)
    .filter(({ service, selector }) => service.namespace === namespace && takes(selector, pod.labels))
    .map(({ service }) => service);
}

const prepared = new WeakMap<Manifests, { service: Manifest; selector: Readonly<Record<string, string>> }[]>();

/** Services that select pods at all; looked up once for all workloads. */
function selectorsOf(all: Manifests) {
  const known =
    prepared.get(all) ??
    allOf(all, 'core', 'Service')
      .map((service) => ({ service, selector: texts(service.object, 'spec', 'selector') }))
      .filter(({ selector }) => Object.keys(selector).length > 0);
  prepared.set(all, known);
  return known;
}

/** When a workload goes. */
export function goneNotice(workload: Workload, all: Manifests): Notice {
  if (workload.kind === 'Job') return NOTHING;
  if (workload.kind === 'CronJob') return risky('it no longer runs');
  const replicas = replicasOf(workload, all);
  const pods =
    workload.kind === 'DaemonSet' ? 'its pods go on every node' : `its ${counted(replicas, 'pod')} ${replicas === 1 ? 'goes' : 'go'}`;
  return replicas === 0 ? NOTHING : risky(pods);
}
