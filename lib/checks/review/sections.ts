import type { Finding } from '../finding';
import { bytesText, coresText } from '../manifests/quantity';
import { listed } from '../manifests/words';
import { bounded, type Entry } from './entry';
import type { Note, Risk } from './note';
import { objectEntries } from './object-entries';
import { type Review, riskOf } from './review';
import { sameTotals, type Totals } from './totals';
import type { WorkloadChange } from './workloads';

export interface Section {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** The last section, for looking up. */
export const OBJECTS = 'Objects';

/** What a report says, the most important first; sections that have nothing to say are not there. */
export function sectionsOf(review: Review): Section[] {
  const sections: Section[] = [
    { title: 'Refused', entries: review.refused.map((note) => ({ ...entry(note), about: `${note.rule}: ${about(note)}` })) },
    { title: 'Volumes and data', entries: review.volumes.map(entry) },
    { title: 'Pods', entries: [...review.workloads.map(workload), ...review.disruptions.map(entry)] },
    { title: 'Services', entries: review.services.map(entry) },
    { title: 'Network', entries: review.network.map(entry) },
    { title: 'Permissions', entries: review.permissions.map(entry) },
    { title: 'Secrets', entries: review.secrets.map(entry) },
    { title: 'Images', entries: review.images.map(entry) },
    { title: 'New findings of the checks', entries: review.findings.map(finding) },
    { title: 'Totals', entries: totalsEntry(review.totals) },
  ];
  const grouped = sections.map(({ title, entries }) => ({ title, entries: together(entries) }));
  const objects = { title: OBJECTS, entries: objectEntries(review.objects) }; // each by its name
  return [...grouped, objects].filter(({ entries }) => entries.length > 0);
}

const VERDICTS: Readonly<Record<Risk, string>> = {
  refused: 'refused: it cannot be applied as it is',
  risky: 'risky: somebody should look at it',
  safe: 'safe',
};

/** The first lines: what comes of it, and how much there is. */
export function headline({ verdict, counts, objects }: Review): string {
  if (objects.length === 0) return 'nothing changes';
  const changes = (['changed', 'renamed', 'added', 'removed'] as const).filter((change) => counts[change] > 0);
  return `${VERDICTS[verdict]} (${changes.map((change) => `${counts[change]} ${change}`).join(', ')})`;
}

/** What is said of several objects in the same words is said once. */
function together(entries: readonly Entry[]): Entry[] {
  const found = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = JSON.stringify([entry.risk, entry.lines, entry.fix, entry.changes]);
    found.set(key, [...(found.get(key) ?? []), entry]);
  }
  return [...found.values()].map((same) => ({
    ...(same[0] as Entry),
    about: listed(
      same.map(({ about }) => about),
      12,
    ),
  }));
}

function about({ object, field }: Pick<Note, 'object' | 'field'>): string {
  return field ? `${object}, ${field}` : object;
}

function entry(note: Note): Entry {
  return bounded({ risk: note.risk, about: about(note), lines: [note.message], fix: note.fix });
}

function finding(found: Finding): Entry {
  return bounded({
    risk: riskOf(found),
    about: `${found.rule} ${found.severity}: ${about(found)}`,
    lines: [found.message],
    fix: found.fix,
  });
}

function workload({ risk, object, how, because, users }: WorkloadChange): Entry {
  const lines = [...how, ...because.map((cause) => `because: ${cause}`), ...users.map((sentence) => `users: ${sentence}`)];
  return bounded({ risk, about: object, lines });
}

function totalsEntry(totals: Totals): Entry[] {
  if (sameTotals(totals)) return [];
  const { before, after } = totals;
  const rows: [string, number, number, (amount: number) => string][] = [
    ['cpu of pods', before.pods.cpu, after.pods.cpu, coresText],
    ['memory of pods', before.pods.memory, after.pods.memory, bytesText],
    ['cpu on each node', before.perNode.cpu, after.perNode.cpu, coresText],
    ['memory on each node', before.perNode.memory, after.perNode.memory, bytesText],
    ['cpu of jobs', before.jobs.cpu, after.jobs.cpu, coresText],
    ['memory of jobs', before.jobs.memory, after.jobs.memory, bytesText],
    ['storage', before.storage, after.storage, bytesText],
  ];
  const lines = rows
    .filter(([, old, next]) => old !== 0 || next !== 0)
    .map(([what, old, next, text]) => (text(old) === text(next) ? `${what}: ${text(next)}` : `${what}: ${text(old)} → ${text(next)}`));
  return [{ risk: 'safe', about: 'requests', lines }];
}
