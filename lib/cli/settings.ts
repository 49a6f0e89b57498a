import type { Severity } from '../checks/finding';
import { readPaths } from '../checks/read';
import { RULE_IDS } from '../checks/rules/ids';
import { type GitOpsTool, KUBERNETES_VERSIONS, type KubernetesVersion, type Settings, settingsOf } from '../checks/settings';
import type { Values } from './arguments';
import { UsageError, unknown } from './usage';

const TOOLS: Readonly<Record<string, readonly GitOpsTool[]>> = { argocd: ['argocd'], flux: ['flux'], both: ['argocd', 'flux'], none: [] };
const SEVERITIES = ['off', 'warning', 'error'];

/**
 * The settings of the checks from the options of the command line.
 *
 * @throws UsageError; InputError for CustomResourceDefinitions that cannot be read
 */
export function settingsFrom(values: Values): Settings {
  const one = (name: string) => values.get(name)?.at(-1);
  const crds = values.get('crds');
  const settings = settingsOf({
    floor: one('floor') as KubernetesVersion | undefined,
    target: one('target') as KubernetesVersion | undefined,
    gitops: TOOLS[one('gitops') ?? 'both'],
    namespace: one('namespace'),
    external: values.get('external')?.map(external),
    crds: crds && readPaths(crds).found.map(({ object }) => object),
    unknownKinds: one('unknown-kinds') as Severity | undefined,
    severities: Object.fromEntries((values.get('rule') ?? []).map(severity)),
  });
  if (KUBERNETES_VERSIONS.indexOf(settings.floor) > KUBERNETES_VERSIONS.indexOf(settings.target)) {
    throw new UsageError(`--floor ${settings.floor} is newer than --target ${settings.target}`);
  }
  return settings;
}

function severity(text: string): [string, Severity | 'off'] {
  const [, rule = '', to = ''] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  if (rule === '') throw new UsageError(`--rule cannot be ${text}: write the rule and what it is, e.g. SEC-2=off`);
  if (!RULE_IDS.has(rule)) unknown(`--rule cannot be ${text}, since there is no rule ${rule}`, rule, [...RULE_IDS]);
  return SEVERITIES.includes(to) ? [rule, to as Severity | 'off'] : unknown(`--rule ${rule} cannot be ${to}`, to, SEVERITIES);
}

function external(text: string): string {
  if (/^[A-Za-z]+\/([^/]+\/)?[^/]+$/.test(text)) return text;
  throw new UsageError(`--external cannot be ${text}: write Kind/name or Kind/namespace/name, e.g. Secret/shop/orders-credentials`);
}
