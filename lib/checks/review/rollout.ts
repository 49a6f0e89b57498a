import { resource } from '../compare/commands';
import type { Comparison } from '../compare/pairs';
import { counted } from '../compare/words';
import { numbered, ordinalsOf, replicasOf, type Workload } from '../compare/workload';
import { at, fields, text } from '../manifests/look';
import type { Manifests } from '../manifests/manifests';
import { listed } from '../manifests/words';

/** What happens to pods that run when their template changes. */
export interface Rollout {
  readonly restarts:
    | 'none'
    | 'rolling' // some after the others
    | 'at-once' // all stop before the new ones start
    | 'per-node'
    | 'when-deleted'
    | 'next-run'
    | 'in-place'; // containers, not pods
  /** Their names in the order in which they restart, where that is known; not more than a hundred. */
  readonly pods: readonly string[];
  /** One sentence. */
  readonly how: string;
}

/** @param workload as it will be @param before as it is: its pods are those that run */
export function rolloutOf(before: Workload, workload: Workload, comparison: Comparison): Rollout {
  switch (workload.kind) {
    case 'StatefulSet':
      return ofStatefulSet(before, workload, comparison);
    case 'Deployment':
      return ofDeployment(before, workload, comparison.before);
    case 'DaemonSet':
      return ofDaemonSet(workload);
    case 'CronJob':
      return { restarts: 'next-run', pods: [], how: 'a run that is under way stays as it is; the next one has the change' };
    case 'Pod':
      return { restarts: 'in-place', pods: [workload.name], how: 'the containers whose image changes restart in the pod' };
    case 'Job':
      return { restarts: 'none', pods: [], how: 'pods that run stay as they are' };
    default:
      return { restarts: 'when-deleted', pods: [], how: 'no pod restarts; those that come later have the change' };
  }
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies */
function ofStatefulSet(before: Workload, set: Workload, comparison: Comparison): Rollout {
  const [old, next] = [ordinalsOf(before, comparison.before), ordinalsOf(set, comparison.after)];
  const [start, end] = [Math.max(old.start, next.start), Math.min(old.end, next.end)]; // those that go do not restart first
  const strategy = fields(set.object, 'spec', 'updateStrategy');
  const running = numbered(set.name, { start, end });
  const last = running.at(-1);
  if (last === undefined) return { restarts: 'none', pods: [], how: 'no pod runs' };
  if (text(strategy, 'type') === 'OnDelete') {
    return {
      restarts: 'when-deleted',
      pods: [],
      how: `no pod restarts until it is deleted, e.g. \`kubectl delete ${resource(set, 'pod', last)}\``,
    };
  }
  const partition = number(at(strategy, 'rollingUpdate', 'partition')) ?? 0;
  const from = Math.max(start, partition);
  const pods = numbered(set.name, { start: from, end }).reverse();
  if (from >= end) return { restarts: 'none', pods: [], how: `partition ${partition} holds every pod back` };
  const held = from > start ? `; partition ${partition} holds back ${counted(from - start, 'pod')}` : '';
  if (pods.length === 1) return { restarts: 'rolling', pods, how: `${pods[0]} restarts${graceful(set)}${held}` };
  const wait = number(at(set.object, 'spec', 'minReadySeconds')) ?? 0;
  const each = `each when the one before is ready${wait > 0 ? ` for ${wait} s` : ''}`;
  const several = at(strategy, 'rollingUpdate', 'maxUnavailable');
  const together =
    several === undefined || several === 1
      ? ''
      : `, up to ${String(several)} at a time where the cluster has the feature MaxUnavailableStatefulSet`;
  return {
    restarts: 'rolling',
    pods,
    how: `${listed(pods, 9, end - from)} restart in this order, ${each}${together}${graceful(set)}${held}`,
  };
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy */
function ofDeployment(before: Workload, deployment: Workload, all: Manifests): Rollout {
  const replicas = replicasOf(before, all);
  const { surge, unavailable } = deploymentSteps(deployment, replicas);
  if (replicas === 0) return { restarts: 'none', pods: [], how: 'no pod runs' };
  if (at(deployment.object, 'spec', 'paused') === true)
    return { restarts: 'none', pods: [], how: 'it is paused: no pod restarts until it is resumed' };
  const pods = counted(replicas, 'pod');
  if (isRecreate(deployment)) return { restarts: 'at-once', pods: [], how: `${pods} stop before the new ones start (Recreate)` };
  const steps = [surge > 0 ? `up to ${surge} more` : '', unavailable > 0 ? `up to ${unavailable} fewer` : ''].filter(Boolean).join(' and ');
  return { restarts: 'rolling', pods: [], how: `${pods} ${replicas === 1 ? 'is' : 'are'} replaced, with ${steps} at a time` };
}

export function isRecreate({ object }: Workload): boolean {
  return text(object, 'spec', 'strategy', 'type') === 'Recreate';
}

/** How many pods more and fewer there may be while a Deployment rolls; as its controller rounds. */
export function deploymentSteps({ object }: Workload, replicas: number): { surge: number; unavailable: number } {
  const rolling = fields(object, 'spec', 'strategy', 'rollingUpdate');
  const surge = share(rolling.maxSurge ?? '25%', replicas, Math.ceil);
  const unavailable = share(rolling.maxUnavailable ?? '25%', replicas, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/ */
function ofDaemonSet({ object }: Workload): Rollout {
  const strategy = fields(object, 'spec', 'updateStrategy');
  if (text(strategy, 'type') === 'OnDelete') return { restarts: 'when-deleted', pods: [], how: 'no pod restarts until it is deleted' };
  const surge = at(strategy, 'rollingUpdate', 'maxSurge') ?? 0;
  const nodes = at(strategy, 'rollingUpdate', 'maxUnavailable') ?? 1;
  if (surge !== 0 && surge !== '0%')
    return {
      restarts: 'per-node',
      pods: [],
      how: `on each node the new pod is ready before the old one stops, on ${String(surge)} of the nodes at a time`,
    };
  return {
    restarts: 'per-node',
    pods: [],
    how: nodes === 1 ? 'its pods restart on one node after the other' : `its pods restart on ${String(nodes)} of the nodes at a time`,
  };
}

function graceful({ pod }: Workload): string {
  const seconds = number(at(pod.spec, 'terminationGracePeriodSeconds')) ?? 30;
  return seconds > 60 ? `; a pod may take up to ${seconds} s to stop` : '';
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A number, or a percentage of all. */
export function share(value: unknown, all: number, round: (part: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = typeof value === 'string' ? /^(\d+)%$/.exec(value)?.[1] : undefined;
  return percent === undefined ? 0 : round((Number(percent) * all) / 100);
}
