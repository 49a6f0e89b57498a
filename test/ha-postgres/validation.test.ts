import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Construct } from 'constructs';
import { ConstructError, HaPostgres, type IPostgres, warningsOf } from '../../lib';
import { emitWarning, emptyChart, namesOf, outcomeOf, postgresIn } from '../support';
import { adoption } from './validation/adoption';
import { connection } from './validation/connection';
import { extras } from './validation/extras';
import { identity } from './validation/identity';
import { index } from './validation/index';
import { monitoringRules } from './validation/monitoring';
import { patroni } from './validation/patroni';
import { pod } from './validation/pod';
import { pooler } from './validation/pooler';
import { postgresql } from './validation/postgresql';
import { roles } from './validation/roles';
import type { Given } from './validation/rules';
import { services } from './validation/services';
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
    expect(error.message.startsWith(`test/orders: ${start}`) || error.message).toBe(true);
    for (const part of more) expect(error.message).toContain(part);
    expect(error.message.endsWith(` [${code}]`) || error.message).toBe(true);
    expectOneSentence(error.message);
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
    const [warning, ...others] = warningsOf(construct(emptyChart(), given));
    // THEN
    expect([warning?.code, ...others.map((w) => w.code)]).toEqual([code]);
    const message = warning?.message ?? '';
    expect(message).toMatch(/^test\/orders: /);
    for (const word of words) expect(message).toContain(word);
    expectOneSentence(message);
    expect(emitWarning.mock.calls).toEqual([[message, { type: 'cdk8s-stateful', code }]]);
  });
});

describe('accepted, and no warning', () => {
  test.each(ACCEPTED)('%s', (_, given) => {
    expect(warningsOf(construct(emptyChart(), given))).toEqual([]);
  });
});

describe('no rule without a test', () => {
  const lib = join(__dirname, '../../lib');
  const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(lib, file), 'utf8'))
    .join('\n');
  const sites = [...sources.matchAll(/(?<!function )\b(?:refuse|refuser\(\w+\)|new ConstructError|warn)\(\s*([^)]{0,40})/g)];
  const starts = sites.map(([, start = '']) => /^(?:\w+,\s*)?'([A-Z]\w+)'/.exec(start)?.[1] ?? start);
  const codes = starts.filter((start) => /^[A-Z]\w+$/.test(start));

  test('each place that refuses or warns names its code there', () => {
    expect(starts.filter((start) => !codes.includes(start))).toEqual(['code, scope, prop, got, expected']); // the one in refuser
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
    const wanted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 19, 20, 21, 22, 23, 24, 25, 26];
    expect(wanted.filter((n) => !rules.includes(n))).toEqual([]);
  });
});
