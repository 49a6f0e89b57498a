import { claimOf, claimTemplates, replicasOf, type Workload } from '../compare/workload';
import { at } from '../manifests/look';
import type { Container, Manifest, Manifests } from '../manifests/manifests';
import { quantity } from '../manifests/quantity';

/** What workloads ask for. */
export interface Amounts {
  /** Cores. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

export interface Total {
  /** Deployments, StatefulSets, ReplicaSets and Pods, times their replicas. */
  readonly pods: Amounts;
  /** Of all DaemonSets, on each node. */
  readonly perNode: Amounts;
  /** Jobs and CronJobs, if all ran at once. */
  readonly jobs: Amounts;
  /** Bytes of claims and of claim templates times replicas. */
  readonly storage: number;
}

/** Sums of requests; where a container states only a limit, that counts, as it does for the scheduler. */
export interface Totals {
  readonly before: Total;
  readonly after: Total;
}

export function totals(before: Manifests, after: Manifests): Totals {
  return { before: totalOf(before), after: totalOf(after) };
}

function totalOf(all: Manifests): Total {
  const sum = (kinds: readonly string[], count: (workload: Workload) => number) =>
    all.withPods
      .filter(({ kind }) => kinds.includes(kind))
      .reduce((amounts, workload) => plus(amounts, podRequests(workload), count(workload)), NONE);
  return {
    pods: sum(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Pod'], (workload) =>
      workload.kind === 'Pod' ? 1 : replicasOf(workload, all),
    ),
    perNode: sum(['DaemonSet'], () => 1),
    jobs: sum(['Job', 'CronJob'], ({ object, kind }) =>
      parallelism(at(object, ...(kind === 'Job' ? ['spec'] : ['spec', 'jobTemplate', 'spec']), 'parallelism')),
    ),
    storage: storageOf(all),
  };
}

const NONE: Amounts = { cpu: 0, memory: 0 };

function plus(a: Amounts, b: Amounts, times = 1): Amounts {
  return { cpu: a.cpu + b.cpu * times, memory: a.memory + b.memory * times };
}

function larger(a: Amounts, b: Amounts): Amounts {
  return { cpu: Math.max(a.cpu, b.cpu), memory: Math.max(a.memory, b.memory) };
}

function parallelism(value: unknown): number {
  return typeof value === 'number' && value >= 0 ? value : 1;
}

/**
 * Of one pod: its containers and sidecars, or an init container with the sidecars before it if that is more.
 *
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
function podRequests({ pod }: Workload): Amounts {
  const own = requests(pod.spec.resources);
  let sidecars = NONE;
  let starting = NONE;
  let running = NONE;
  for (const container of pod.containers) {
    const asked = requestsOf(container);
    if (container.role === 'sidecar') sidecars = plus(sidecars, asked);
    if (container.role === 'init') starting = larger(starting, plus(sidecars, asked));
    if (container.role === 'main') running = plus(running, asked);
  }
  const together = larger(starting, plus(running, sidecars));
  const overhead = { cpu: quantity(at(pod.spec, 'overhead', 'cpu')) ?? 0, memory: quantity(at(pod.spec, 'overhead', 'memory')) ?? 0 };
  return plus({ cpu: own.cpu ?? together.cpu, memory: own.memory ?? together.memory }, overhead);
}

function requestsOf({ spec }: Container): Amounts {
  const { cpu = 0, memory = 0 } = requests(spec.resources);
  return { cpu, memory };
}

function requests(resources: unknown): Partial<Amounts> {
  const asked = (name: string) => quantity(at(resources, 'requests', name)) ?? quantity(at(resources, 'limits', name));
  return { cpu: asked('cpu'), memory: asked('memory') };
}

/** A claim that is written beside the template it would come from counts once. */
function storageOf(all: Manifests): number {
  const size = (storage: unknown) => quantity(storage) ?? 0;
  const sets = all.ofKind('StatefulSet');
  const templated = sets.map((set) => replicasOf(set, all) * claimTemplates(set).reduce((sum, { storage }) => sum + size(storage), 0));
  const own = (claim: Manifest) => !sets.some((set) => set.namespace === claim.namespace && comesFrom(set, claim.name));
  const claims = all
    .ofKind('PersistentVolumeClaim')
    .filter(own)
    .map(({ object }) => size(claimOf(object).storage));
  return [...templated, ...claims].reduce((sum, bytes) => sum + bytes, 0);
}

function comesFrom(set: Manifest, claim: string): boolean {
  return claimTemplates(set).some(({ name }) => claim.startsWith(`${name}-${set.name}-`) && /-\d+$/.test(claim));
}

/** Whether nothing that is asked for changed. */
export function sameTotals({ before, after }: Totals): boolean {
  const flat = ({ pods, perNode, jobs, storage }: Total) =>
    [pods, perNode, jobs].flatMap(({ cpu, memory }) => [cpu, memory]).concat(storage);
  const old = flat(before);
  return flat(after).every((amount, index) => close(amount, old[index] ?? 0));
}

/** Sums of fractions are not exact. */
function close(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}
