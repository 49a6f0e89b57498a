import type { Comparison, Pair } from '../compare/pairs';
import { counted } from '../compare/words';
import { autoscalerOf, claimPolicy, claimTemplates, numbered, ordinalsOf, outside, replicasOf, type Workload } from '../compare/workload';
import { at, text } from '../manifests/look';
import { listed } from '../manifests/words';
import { databaseOf } from './databases';
import type { Risk } from './note';

export interface Scaling {
  readonly risk: Risk;
  readonly come: readonly string[];
  readonly go: readonly string[];
  readonly how: readonly string[];
  readonly users: readonly string[];
}

/** What a change of the number of pods does; undefined where there is none. */
export function scaling({ before, after }: Pair & { after: Workload }, comparison: Comparison): Scaling | undefined {
  if (after.kind === 'CronJob') return suspended({ before, after });
  if (['DaemonSet', 'Job', 'Pod'].includes(after.kind)) return undefined;
  const dropped = leftOut({ before, after }, comparison);
  if (dropped) return { risk: 'risky', come: [], go: [], how: [dropped], users: [] };
  if (after.kind === 'StatefulSet') return ofSet({ before, after }, comparison);
  const [old, next] = [replicasOf(before, comparison.before), replicasOf(after, comparison.after)];
  if (old === next) return undefined;
  const how = [`${counted(next, 'pod')} instead of ${old}`];
  return {
    risk: next === 0 ? 'risky' : 'safe',
    come: [],
    go: [],
    how,
    users: next === 0 ? [`${after.name} is not available: no pod is left`] : [],
  };
}

/** A backup that no longer runs is noticed when it is needed. */
function suspended({ before, after }: Pair): Scaling | undefined {
  const [was, is] = [before, after].map(({ object }) => at(object, 'spec', 'suspend') === true);
  if (was === is) return undefined;
  const how = is ? 'it is suspended: no further run begins' : 'it is no longer suspended: it runs again';
  return { risk: is ? 'risky' : 'safe', come: [], go: [], how: [how], users: [] };
}

/** https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling */
function leftOut({ before, after }: Pair, { after: all }: Comparison): string | undefined {
  const was = at(before.object, 'spec', 'replicas');
  if (typeof was !== 'number' || was < 2 || at(after.object, 'spec', 'replicas') !== undefined || !autoscalerOf(after, all))
    return undefined;
  return `replicas is no longer written: applied by the client, ${was} become 1 until the autoscaler raises them again`;
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees */
function ofSet({ before, after }: Pair & { after: Workload }, comparison: Comparison): Scaling | undefined {
  const [old, next] = [ordinalsOf(before, comparison.before), ordinalsOf(after, comparison.after)];
  const [come, go] = [outside(next, old), outside(old, next)];
  if (come.length === 0 && go.length === 0) return undefined;
  const arrivals = come.flatMap((range) => numbered(after.name, range));
  const leavers = go.flatMap((range) => numbered(after.name, range)).reverse();
  const total = (ranges: typeof come) => ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  const parallel = text(after.object, 'spec', 'podManagementPolicy') === 'Parallel';
  const how: string[] = [];
  if (arrivals.length > 0) {
    const order = arrivals.length === 1 ? '' : parallel ? ', at the same time' : ', one after the other';
    how.push(`${listed(arrivals, 9, total(come))} ${arrivals.length === 1 ? 'comes' : 'come'}${order}${newClaims(after)}`);
  }
  if (leavers.length > 0) {
    const order = leavers.length === 1 ? '' : parallel ? ', at the same time' : ', in this order';
    how.push(
      `${listed(leavers, 9, total(go))} ${leavers.length === 1 ? 'goes' : 'go'}${order}${oldClaims(after, leavers.length === 1 ? 'its' : 'their')}`,
    );
  }
  return {
    risk: leavers.length > 0 ? 'risky' : 'safe',
    come: arrivals,
    go: leavers,
    how,
    users: fewer(before, after, next.end - next.start, leavers, comparison),
  };
}

function newClaims(set: Workload): string {
  const names = claimTemplates(set).map(({ name }) => name);
  return names.length === 0
    ? ''
    : `, with claims ${listed(names)} of their own; where such claims are left from before, they have the old data`;
}

function oldClaims(set: Workload, whose: string): string {
  if (claimTemplates(set).length === 0) return '';
  return claimPolicy(set, 'whenScaled') === 'Delete' ? `; ${whose} claims are deleted` : `; ${whose} claims stay`;
}

function fewer(before: Pair['before'], after: Workload, left: number, leavers: readonly string[], { before: all }: Comparison): string[] {
  if (leavers.length === 0) return [];
  if (left === 0) return [`${after.name} is not available: no pod is left`];
  const database = before.pod && databaseOf(before as Workload, all);
  if (!database) return ['clients of the pods that go are cut off'];
  if (database.kind === 'other')
    return [`what only the pods that go hold is no longer there, and if one of them leads, another has to take over`];
  return [`if ${listed(leavers)} ${leavers.length === 1 ? 'leads' : 'lead'}, another member takes over first: writes wait some seconds`];
}
