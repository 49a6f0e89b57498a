import type { Severity } from '../finding';
import { countsOf, type Report } from './report';

/** What `--format json` prints. Fields may be added; what is there keeps its name and meaning within a major version. */
export interface JsonReport {
  /** Of this format. */
  readonly version: 1;
  readonly summary: { readonly objects: number; readonly files: number; readonly errors: number; readonly warnings: number };
  /** Errors first. */
  readonly findings: readonly JsonFinding[];
  /** Files of the tree that were left out. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

export interface JsonFinding {
  /** E.g. `SEC-1`. */
  readonly rule: string;
  readonly severity: Severity;
  /** E.g. `StatefulSet shop/orders`. */
  readonly object: string;
  /** Path of the field in the object; empty for the object as a whole. */
  readonly field: string;
  readonly message: string;
  readonly fix: string;
  /** Where the object begins; null where that is not known. */
  readonly file: string | null;
  readonly line: number | null;
}

export function jsonReport(report: Report): string {
  const { findings, objects, files, skipped } = report;
  const json: JsonReport = {
    version: 1,
    summary: { objects, files, ...countsOf(findings) },
    findings: findings.map(({ rule, severity, object, field, message, fix, origin }) => {
      return { rule, severity, object, field, message, fix, file: origin.file ?? null, line: origin.line ?? null };
    }),
    skipped: skipped.map(({ file, reason }) => ({ file, reason })),
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}
