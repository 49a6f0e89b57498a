import { check, manifestsOf } from '../checks/check';
import { graph } from '../checks/graph';
import type { Manifests } from '../checks/manifests/manifests';
import { type Input, readPaths, STDIN } from '../checks/read';
import { jsonReport } from '../checks/report/json';
import { markdownReport } from '../checks/report/markdown';
import { countsOf, type Report } from '../checks/report/report';
import { type Look, textReport } from '../checks/report/text';
import { type Review, renderReviewMarkdown, renderReviewText, reviewManifests } from '../checks/review';
import type { Settings } from '../checks/settings';
import type { Arguments, Values } from './arguments';
import { readCommit } from './git';
import { settingsFrom } from './settings';
import { UsageError } from './usage';

/** What a command answers: all that it prints, or nothing. */
export interface Answer {
  readonly output: string;
  readonly code: 0 | 1 | 2;
  /** What was read. */
  readonly inputs: readonly Input[];
}

/** What a command gets from outside. */
export interface Surroundings {
  readonly look: Look;
  readonly stdin: Buffer | undefined;
}

/** @throws UsageError, InputError */
export function checkCommand({ paths, values }: Arguments, { look, stdin }: Surroundings): Answer {
  if (paths.length === 0) throw new UsageError('check what? Name a folder, a file, or - for standard input');
  const settings = settingsFrom(values);
  const input = readPaths(paths, stdin);
  const findings = check(manifests(input, settings), settings, 'check');
  const report: Report = { findings, objects: input.found.length, files: input.files, skipped: input.skipped };
  const { errors, warnings } = countsOf(findings);
  const failed = errors > 0 || (warnings > 0 && values.has('strict'));
  return { output: shown(report, values, look), code: failed ? 1 : 0, inputs: [input] };
}

function shown(report: Report, values: Values, look: Look): string {
  const format = values.get('format')?.[0];
  if (format === 'json') return jsonReport(report);
  return format === 'markdown' ? markdownReport(report) : textReport(report, look);
}

/** @throws UsageError, InputError */
export function reviewCommand({ paths, values }: Arguments, { look, stdin }: Surroundings): Answer {
  const ref = values.get('against')?.[0];
  const [first, second, more] = paths;
  if (ref !== undefined && (first === undefined || second !== undefined))
    throw new UsageError('review --against <git-ref> compares one folder: name it');
  if (ref === undefined && (second === undefined || more !== undefined))
    throw new UsageError('review compares two: name the old folder and the new one, or use --against <git-ref>');
  const settings = settingsFrom(values);
  const after = readPaths([(ref === undefined ? second : first) as string], stdin);
  const before = ref === undefined ? readPaths([first as string], stdin) : readCommit(ref, first as string);
  const review = reviewManifests(manifests(before, settings), manifests(after, settings), settings);
  return { output: shownReview(review, values, look), code: CODES[review.verdict], inputs: [before, after] };
}

const CODES = { safe: 0, risky: 1, refused: 2 } as const;

function shownReview(review: Review, values: Values, look: Look): string {
  const format = values.get('format')?.[0];
  if (format === 'json') return `${JSON.stringify(review, undefined, 2)}\n`;
  return format === 'markdown' ? renderReviewMarkdown(review) : renderReviewText(review, look);
}

/** @throws UsageError, InputError */
export function graphCommand({ paths, values }: Arguments, { stdin }: Surroundings): Answer {
  if (paths.length === 0) throw new UsageError('a diagram of what? Name a folder, a file, or - for standard input');
  const settings = settingsFrom(values);
  const input = readPaths(paths, stdin);
  return { output: `${graph(manifests(input, settings)).trimEnd()}\n`, code: 0, inputs: [input] };
}

function manifests({ found }: Input, settings: Settings): Manifests {
  return manifestsOf(
    found.map(({ object }) => object),
    settings,
    found.map(({ origin }) => origin),
  );
}

export function readsStdin({ paths }: Arguments): boolean {
  return paths.includes(STDIN.path);
}
