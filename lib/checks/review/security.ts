import { isA } from '../compare/kinds';
import { type Comparison, touches } from '../compare/pairs';
import { makesPods } from '../compare/workload';
import { at, text } from '../manifests/look';
import type { Manifest } from '../manifests/manifests';
import { listed } from '../manifests/words';
import { type Freedom, freedoms } from './freedoms';
import { type Note, note } from './note';

/** What pods may do on their nodes, or to the API, that they could not before; and the other way round. */
export function securityNotes(comparison: Comparison): Note[] {
  const { before, after, changed, added, both } = comparison;
  // a ServiceAccount decides on the tokens of pods that do not say
  const pairs = (touches(comparison, 'ServiceAccount') ? both : changed).flatMap((pair) =>
    makesPods(pair.before) && makesPods(pair.after) ? [{ before: pair.before, after: pair.after }] : [],
  );
  return [
    ...pairs.flatMap((pair) => {
      const was = new Map(freedoms(pair.before, before).map((freedom) => [freedom.key, freedom]));
      const is = new Map(freedoms(pair.after, after).map((freedom) => [freedom.key, freedom]));
      const containers = new Set(pair.before.pod.containers.map(({ name }) => name));
      const counts = ({ container, strong }: Freedom) => container === undefined || strong || containers.has(container);
      const gained = [...is.values()].filter((freedom) => !was.has(freedom.key) && counts(freedom));
      const lost = [...was.values()].filter(
        ({ key, container }) => !is.has(key) && (container === undefined || hasContainer(pair.after, container)),
      );
      return [...looser(pair.after, gained), ...tighter(pair.after, lost), ...accountNotes(pair)];
    }),
    ...added.filter(makesPods).flatMap((workload) =>
      looser(
        workload,
        freedoms(workload, after).filter(({ strong }) => strong),
      ),
    ),
    ...changed.flatMap(podSecurityNotes),
  ];
}

function hasContainer({ pod }: Manifest, container: string): boolean {
  return pod?.containers.some(({ name }) => name === container) ?? false;
}

function looser({ title }: Manifest, gained: readonly Freedom[]): Note[] {
  return gained.length > 0
    ? [
        note(
          'risky',
          title,
          `from now on ${listed(
            gained.map(({ words }) => words),
            5,
          )}`,
          { field: gained[0]?.field ?? '' },
        ),
      ]
    : [];
}

function tighter({ title }: Manifest, lost: readonly Freedom[]): Note[] {
  return lost.length > 0
    ? [
        note(
          'safe',
          title,
          `no longer: ${listed(
            lost.map(({ words }) => words),
            5,
          )}`,
          { field: lost[0]?.field ?? '' },
        ),
      ]
    : [];
}

function accountNotes({ before, after }: { before: Manifest; after: Manifest }): Note[] {
  const account = ({ pod }: Manifest) => text(pod?.spec, 'serviceAccountName') ?? text(pod?.spec, 'serviceAccount') ?? 'default';
  if (account(before) === account(after)) return [];
  const message = `its pods are ServiceAccount ${account(after)} instead of ${account(before)}, with the rights of that`;
  return [note('risky', after.title, message, { field: 'serviceAccountName' })];
}

const LEVELS = ['privileged', 'baseline', 'restricted'];
const ENFORCE = 'pod-security.kubernetes.io/enforce';

/** https://kubernetes.io/docs/concepts/security/pod-security-admission/ */
function podSecurityNotes({ before, after }: { before: Manifest; after: Manifest }): Note[] {
  if (!isA(after, 'core', 'Namespace')) return [];
  const [old, next] = [at(before.labels, ENFORCE), at(after.labels, ENFORCE)].map((level) =>
    typeof level === 'string' ? level : 'the default',
  );
  if (old === next || old === undefined || next === undefined) return [];
  const looser = LEVELS.indexOf(next) < LEVELS.indexOf(old);
  const means = looser ? 'pods with more rights are let in' : 'pods that ask for more are refused when they are next made';
  return [note('risky', after.title, `Pod Security goes from ${old} to ${next}: ${means}`, { field: `metadata.labels[${ENFORCE}]` })];
}
