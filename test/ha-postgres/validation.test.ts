import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Construct } from 'constructs';
import { ConstructError, type ConstructWarning, HaPostgres, type IPostgres, warningsOf } from '../../lib';
import { emitWarning, emptyChart, namesOf, outcomeOf, postgresIn } from '../support';
import { adoption } from './validation/adoption';
import { backupRules } from './validation/backups';
import { connection } from './validation/connection';
import { extras } from './validation/extras';
import { identity } from './validation/identity';
import { index } from './validation/index';
import { monitoringRules } from './validation/monitoring';
import { patroni } from './validation/patroni';
import { pgHba } from './validation/pg-hba';
import { pod } from './validation/pod';
import { pooler } from './validation/pooler';
import { postgresql } from './validation/postgresql';
import { recoveryRules } from './validation/recovery';
import { roles } from './validation/roles';
import type { Given } from './validation/rules';
import { secrets } from './validation/secrets';
import { services } from './validation/services';
import { shapes } from './validation/shapes';
import { tls } from './validation/tls';
import { upgrades } from './validation/upgrade';

const PARTS = [
  index,
  adoption,
  identity,
  patroni,
  pod,
  pooler,
  postgresql,
  roles,
  tls,
  upgrades,
  connection,
  monitoringRules,
  services,
  extras,
  backupRules,
  recoveryRules,
  pgHba,
  secrets,
  shapes,
];
const REFUSED = PARTS.flatMap((part) => part.refused);
const REFUSED_SOMEHOW = PARTS.flatMap((part) => part.refusedSomehow ?? []);
const WARNED = PARTS.flatMap((part) => part.warned ?? []);
const ACCEPTED = PARTS.flatMap((part) => part.accepted ?? []);

/** Makes an instance `orders` of what a row gives. */
function construct(scope: Construct, given: Given): IPostgres {
  const row = typeof given === 'function' ? given(scope) : given;
  const { before, existing, props = 'next' in row || 'before' in row ? {} : row, next } = row;
  before?.(scope);
  const postgres = existing ? HaPostgres.fromEndpoints(scope, 'orders', existing) : postgresIn(scope, props);
  next?.(postgres);
  return postgres;
}

/** That the minimal props have no backups is what hardly any row is about. */
function warnings(postgres: IPostgres, about?: string): ConstructWarning[] {
  return warningsOf(postgres).filter(({ code }) => code !== 'BackupsMissing' || code === about);
}

/** What is said before the commands that mend it, if there are any. */
function sentence(error: ConstructError): string {
  const [first = '', ...lines] = error.message.split('\n');
  expect(lines).toEqual(error.remedy.map((line) => `  ${line}`));
  return first;
}

/** Readable as it is, and nothing in it that should not be seen. */
function expectOneSentence(message: string): void {
  expect(message).not.toMatch(/\n|[.!?] [A-Z]|\[object|undefined|NaN|hunter2|=>/);
}

describe('refused', () => {
  test.each(REFUSED)('%s (%s)', (_, code, given, words) => {
    // WHEN
    const error = outcomeOf(() => construct(emptyChart(), given)) as ConstructError;
    // THEN
    expect(error).toBeInstanceOf(ConstructError);
    expect(error).toMatchObject({ name: 'ConstructError', code, prop: words.split(' is ')[0] });
    const [start, ...more] = words.split(' … ');
    const said = sentence(error);
    expect(said.startsWith(`test/orders: ${start}`) || said).toBe(true);
    for (const part of more) expect(said).toContain(part);
    expect(said.endsWith(` [${code}]`) || said).toBe(true);
    expectOneSentence(said);
    expect(error.remedy.length > 0).toBe(code === 'CertificateMissing'); // where a sentence alone does not help
  });

  test.each(REFUSED_SOMEHOW)('%s', (_, given) => {
    const outcome = outcomeOf(() => construct(emptyChart(), given));
    expect(outcome).toBeInstanceOf(ConstructError);
    expectOneSentence((outcome as ConstructError).message);
  });

  /** Those about the props themselves: an instance is right, or it is not there. */
  const early = REFUSED.filter(([, , given]) => !('next' in given || 'before' in given || 'existing' in given));

  test.each(early)('%s (%s): leaves nothing behind, and the name free', (_, __, given) => {
    // GIVEN
    const chart = emptyChart();
    expect(() => construct(chart, given)).toThrow();
    expect(namesOf(chart)).toEqual([]);
    // THEN
    expect(() => postgresIn(chart, { name: 'orders' }, 'again')).not.toThrow();
  });
});

describe('warned', () => {
  test.each(WARNED)('%s (%s)', (_, code, given, ...words) => {
    // WHEN
    emitWarning.mockClear();
    const [warning, ...others] = warnings(construct(emptyChart(given.namespace), given), code);
    // THEN
    expect([warning?.code, ...others.map((w) => w.code)]).toEqual([code]);
    const message = warning?.message ?? '';
    expect(message).toMatch(/^test\/orders: /);
    for (const word of words) expect(message).toContain(word);
    expectOneSentence(message);
    expect(emitWarning.mock.calls).toContainEqual([message, { type: 'cdk8s-stateful', code }]);
  });
});

describe('accepted, and no warning', () => {
  test.each(ACCEPTED)('%s', (_, given) => {
    expect(warnings(construct(emptyChart(given.namespace), given))).toEqual([]);
  });
});

describe('no rule without a test', () => {
  const lib = join(__dirname, '../../lib');
  const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/^(app|checks|cli|gitops)\//.test(file)) // they have tests of their own
    .map((file) => readFileSync(join(lib, file), 'utf8'))
    .join('\n');
  const sites = [...sources.matchAll(/(?<!function )\b(?:refuse|refuser\(\w+\)|new ConstructError|warn)\(\s*([^)]{0,40})/g)];
  const starts = sites.map(([, start = '']) => /^(?:\w+,\s*)?'([A-Z]\w+)'/.exec(start)?.[1] ?? start);
  const codes = starts.filter((start) => /^[A-Z]\w+$/.test(start));

  test('each place that refuses or warns names its code there', () => {
    expect(starts.filter((start) => !codes.includes(start))).toEqual([
      'about(first', // what the checks found, by their rule
      'code, scope, prop, got, expected, remedy', // the one in refuser
    ]);
    expect(codes.length).toBeGreaterThan(70);
  });

  test('each has a row', () => {
    const rows = [...REFUSED, ...WARNED].map(([, code]) => code);
    const count = (list: string[], code: string) => list.filter((c) => c === code).length;
    expect(codes.filter((code) => count(rows, code) < count(codes, code))).toEqual([]);
    expect(rows.filter((code) => !codes.includes(code))).toEqual([]); // and no row is about a rule that is gone
  });

  test('each validation of reference 6.6 that is in this slice is recognisable', () => {
    const rules = [...REFUSED, ...WARNED].map(([rule]) => Number(/^6\.6\/(\d+): /.exec(rule)?.[1]));
    const wanted = Array.from({ length: 27 }, (_, i) => i + 1);
    expect(wanted.filter((n) => !rules.includes(n))).toEqual([]);
  });
});
