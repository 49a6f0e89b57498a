import type { Finding, Origin } from './finding';
import { isFields } from './manifests/look';
import { Manifest, Manifests } from './manifests/manifests';
import type { Found, Phase, Rule } from './rule';
import type * as Rules from './rules';
import type * as Suppressions from './rules/suppressions';
import { clusterScopes } from './schema/scope';
import { type CheckOptions, type Settings, settingsOf } from './settings';
import { reasonAgainst } from './suppression';

/** What is known about the objects beside their content. */
export interface CheckContext {
  /**
   * Where each object comes from, in the same order; findings repeat it.
   * @default - unknown
   */
  readonly origins?: readonly Origin[];
  /**
   * `synth` for the objects of one construct, which refer to others that are not there; `check` for all that is applied together.
   * @default 'check'
   */
  readonly phase?: 'synth' | 'check';
}

/**
 * Checks Kubernetes objects by all rules: those of any cdk8s app (`Testing.synth(chart)`), of `helm template`, of plain YAML.
 *
 * @param objects plain objects, as they would be written
 * @returns what is wrong, errors first, else in the order of the objects; empty if nothing is
 */
export function checkManifests(objects: readonly unknown[], options: CheckOptions = {}, context: CheckContext = {}): Finding[] {
  const settings = settingsOf(options);
  return check(manifestsOf(objects, settings, context.origins), settings, context.phase ?? 'check');
}

/** @param origins where each object comes from, in the same order */
export function manifestsOf(objects: readonly unknown[], settings: Settings, origins: readonly Origin[] = []): Manifests {
  const clusterScoped = clusterScopes([...settings.crds, ...objects]);
  return new Manifests(
    objects.flatMap((object, index) =>
      isFields(object) ? [new Manifest(object, origins[index] ?? {}, settings.namespace, clusterScoped(object))] : [],
    ),
  );
}

/** Loaded when they are needed: who imports a construct does not wait for the rules and their data. */
const allRules = () => (require('./rules') as typeof Rules).RULES;
const suppressions = () => require('./rules/suppressions') as typeof Suppressions;

export function check(manifests: Manifests, settings: Settings, phase: Phase): Finding[] {
  const rules = allRules().filter((rule) => rule.runs.includes(phase) && settings.severities[rule.id] !== 'off');
  const ignored = new Map<Manifest, Set<string>>();
  const findings = rules.flatMap((rule) =>
    [...rule.find(manifests, settings)].flatMap((found) => {
      if (reasonAgainst(rule.id, found.manifest) !== undefined) {
        ignored.set(found.manifest, (ignored.get(found.manifest) ?? new Set()).add(rule.id));
      }
      return finding(rule, found, settings);
    }),
  );
  if (phase === 'check') findings.push(...needless(manifests, settings, rules, ignored));
  const order = new Map(manifests.all.map((manifest, index) => [manifest.title, index]));
  const rank = ({ severity, object }: Finding) => (severity === 'error' ? 0 : 1e9) + (order.get(object) ?? 0);
  return findings.sort((a, b) => rank(a) - rank(b));
}

/** A rule about a tool that does not apply the manifests finds nothing, and says nothing about those that ignore it. */
function needless(manifests: Manifests, settings: Settings, rules: readonly Rule[], ignored: Map<Manifest, Set<string>>): Finding[] {
  const { suppressionsJustified, unusedSuppressions } = suppressions();
  const judged = rules.map(({ id }) => id).filter((id) => !id.startsWith('GIT-') || settings.gitops.length === 2);
  return [...unusedSuppressions(manifests, new Set(judged), ignored)].flatMap((found) => finding(suppressionsJustified, found, settings));
}

/** None where the object says why the rule does not count for it, or the options turn it off. */
export function finding(rule: Pick<Rule, 'id' | 'severity'>, found: Found, { severities }: Settings): Finding[] {
  const severity = severities[rule.id] ?? found.severity ?? rule.severity;
  if (severity === 'off' || reasonAgainst(rule.id, found.manifest) !== undefined) return [];
  const { manifest, field, message, fix } = found;
  return [{ rule: rule.id, severity, object: manifest.title, field, message, fix, origin: manifest.origin }];
}
