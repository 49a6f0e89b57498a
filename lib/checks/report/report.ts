import type { Finding } from '../finding';
import type { Skipped } from '../read';

/** What was looked at, and what was found. */
export interface Report {
  /** Errors first. */
  readonly findings: readonly Finding[];
  readonly objects: number;
  readonly files: number;
  readonly skipped: readonly Skipped[];
}

export interface Counts {
  readonly errors: number;
  readonly warnings: number;
}

export function countsOf(findings: readonly Finding[]): Counts {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return { errors, warnings: findings.length - errors };
}

/** What was found about one object. */
export interface Group {
  readonly object: string;
  /** `file:line`, or the construct, or nothing. */
  readonly place: string;
  readonly findings: readonly Finding[];
}

/** Findings by object, those of one file together; objects with errors first. */
export function groupsOf(findings: readonly Finding[]): Group[] {
  const groups = new Map<string, Group & { findings: Finding[] }>();
  for (const finding of findings) {
    const place = placeOf(finding);
    const key = `${place}\n${finding.object}`;
    const group = groups.get(key);
    if (group) group.findings.push(finding);
    else groups.set(key, { object: finding.object, place, findings: [finding] });
  }
  return [...groups.values()];
}

/** Findings that say the same of several fields, together. */
export function alike(findings: readonly Finding[]): [Finding, ...Finding[]][] {
  const same = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.rule, finding.severity, finding.message, finding.fix]);
    const others = same.get(key);
    if (others) others.push(finding);
    else same.set(key, [finding]);
  }
  return [...same.values()];
}

function placeOf({ origin: { file, line, construct } }: Finding): string {
  if (file === undefined) return construct ?? '';
  return line === undefined ? file : `${file}:${line}`;
}

/** `2 errors`, `1 warning`, `no objects`. */
export function count(number: number, noun: string): string {
  return `${number === 0 ? 'no' : number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `2 errors, 1 warning`, or that there are none. */
export function verdict({ errors, warnings }: Counts): string {
  const parts = [errors > 0 ? count(errors, 'error') : '', warnings > 0 ? count(warnings, 'warning') : ''].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'nothing wrong';
}

/** `in 16 objects of 12 files`. */
export function extent({ objects, files }: Report): string {
  return `in ${count(objects, 'object')} of ${count(files, 'file')}`;
}
