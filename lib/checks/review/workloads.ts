import { resource } from '../compare/commands';
import { isA } from '../compare/kinds';
import type { Comparison, Pair } from '../compare/pairs';
import { makesPods, type Workload } from '../compare/workload';
import { at } from '../manifests/look';
import type { Manifest, Manifests } from '../manifests/manifests';
import { listed } from '../manifests/words';
import { causes, templateChanges } from './causes';
import { type ChangedConfigs, type ConfigUse, changedConfigs, configUses } from './config-use';
import { databaseOf } from './databases';
import { byRisk, type Risk, worst } from './note';
import { patroniChange } from './patroni';
import { type Rollout, rolloutOf } from './rollout';
import { scaling } from './scaling';
import { goneNotice, noticed } from './users';

/** What happens to the pods of one workload. */
export interface WorkloadChange {
  readonly risk: Risk;
  readonly object: string;
  readonly restarts: Rollout['restarts'];
  /** Pods that restart, in this order, where their names are known. */
  readonly pods: readonly string[];
  /** Pods that come or go, where their names are known. */
  readonly come: readonly string[];
  readonly go: readonly string[];
  /** What happens, each a sentence. */
  readonly how: readonly string[];
  /** Why pods restart. */
  readonly because: readonly string[];
  /** What those who use it notice. */
  readonly users: readonly string[];
}

/**
 * Every workload whose pods restart, come, go or see another configuration; the riskiest first.
 *
 * @param refused titles of the objects that the API server does not take
 */
export function workloadChanges(comparison: Comparison, refused: ReadonlySet<string> = new Set()): WorkloadChange[] {
  const configs = changedConfigs(comparison);
  const changed = new Set(comparison.changed);
  const renamed = new Map(comparison.renamed.map(({ before, after }) => [before, after]));
  const staying = comparison.both.flatMap((pair) => {
    const { before, after } = pair;
    if (!makesPods(before) || !makesPods(after) || (configs.size === 0 && !changed.has(pair))) return [];
    return stays({ before, after }, configs, comparison);
  });
  const going = comparison.removed.filter(makesPods).flatMap((workload) => gone(workload, renamed.get(workload), comparison.before));
  const running = comparison.added.filter((manifest) => isA(manifest, 'batch', 'Job')).map(runs);
  return byRisk([...staying, ...going, ...running]).map((change) =>
    refused.has(change.object) ? { ...change, how: [UNTIL, ...change.how] } : change,
  );
}

const UNTIL = 'while the object is refused, none of its own changes is applied; Flux then applies nothing of the whole Kustomization';

type WorkloadPair = Pair & { readonly before: Workload; readonly after: Workload };

function stays(pair: WorkloadPair, configs: ChangedConfigs, comparison: Comparison): WorkloadChange[] {
  const { before, after } = pair;
  const uses = configUses(after, configs);
  const restarting = templateChanges(pair);
  const rollout = restarting ? rolloutOf(before, after, comparison) : undefined;
  const scaled = scaling(pair, comparison);
  if (!rollout && !scaled && uses.length === 0) return [];
  const notice = rollout ? noticed(before, after, rollout, comparison.before) : undefined;
  const moved = rollout !== undefined && !['none', 'when-deleted'].includes(rollout.restarts);
  const effects = [...(moved ? [] : uses.map((use) => configEffect(use, after))), ...live(uses, after, comparison, moved)];
  return [
    {
      risk: worst([notice?.risk ?? 'safe', scaled?.risk ?? 'safe', ...effects.map(({ risk }) => risk)]),
      object: after.title,
      restarts: rollout?.restarts ?? 'none',
      pods: rollout?.pods ?? [],
      come: scaled?.come ?? [],
      go: scaled?.go ?? [],
      how: [...(rollout ? [rollout.how] : []), ...(scaled?.how ?? []), ...effects.map(({ sentence }) => sentence)],
      because: rollout ? causes(pair, [...new Set(uses.map(({ config }) => config))]) : [],
      users: [...(notice?.sentences ?? []), ...(scaled?.users ?? [])],
    },
  ];
}

/** What a changed configuration does to pods that go on. */
interface Effect {
  readonly risk: Risk;
  readonly sentence: string;
}

/** https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically */
function configEffect({ config, keys, as }: ConfigUse, workload: Workload): Effect {
  const what = `${listed(keys, 4)} of ${config.title}`;
  if (workload.kind === 'CronJob') return { risk: 'safe', sentence: `the next run sees ${what}` };
  if (as === 'files') {
    const sentence = `its files ${what} follow within a minute or two, without a restart; whether the program reads them again is up to it`;
    return { risk: 'safe', sentence };
  }
  const how = as === 'environment' ? 'as variables, which stay' : 'through subPath, so that they stay';
  const rolls = ['Deployment', 'StatefulSet', 'DaemonSet'].includes(workload.kind);
  const restart = rolls ? ` (\`kubectl rollout restart ${resource(workload)}\`)` : '';
  const sentence = `it has ${what} ${how} as they are until its pods restart${restart}; a pod that restarts by itself differs from the others`;
  return { risk: 'risky', sentence };
}

/** What HaPostgres makes of its files by itself. */
function live(uses: readonly ConfigUse[], workload: Workload, { changed, after: all }: Comparison, restarting: boolean): Effect[] {
  if (databaseOf(workload, all)?.kind !== 'ha-postgres') return [];
  return uses.flatMap(({ config }) => {
    const pair = changed.find(({ after }) => after === config);
    return (pair && patroniChange(pair.before, pair.after, restarting)) ?? [];
  });
}

function runs({ title, object }: Manifest): WorkloadChange {
  const how = at(object, 'spec', 'suspend') === true ? 'it is new, and waits: it is suspended' : 'it is new: it runs once it is applied';
  return { risk: 'safe', object: title, restarts: 'none', pods: [], come: [], go: [], how: [how], because: [], users: [] };
}

function gone(workload: Workload, next: Manifest | undefined, all: Manifests): WorkloadChange[] {
  const { risk, sentences } = goneNotice(workload, all);
  if (sentences.length === 0) return [];
  const how = next ? [`it becomes ${next.title}: to the cluster this is one that goes and another that comes, at the same time`] : [];
  return [{ risk, object: workload.title, restarts: 'none', pods: [], come: [], go: [], how, because: [], users: sentences }];
}
