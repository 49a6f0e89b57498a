import type { Change } from './support/commit';
import { Database } from './support/database';
import { inForce } from './support/in-force';
import { Kubectl } from './support/kubectl';
import type { Ended } from './support/run';
import { monotonic } from './support/wait';

/** The judge is judged first, without a cluster: what two members say in each look is written down here. */

const CHANGES: readonly Change[] = [
  { kind: 'color', probe: 'color', expected: 'red' },
  { kind: 'size', probe: 'size', expected: 'big' },
];

/** Members that answer from a list of colors and sizes, one look after the other; at its end, the last answer again. */
class Scripted extends Kubectl {
  constructor(private readonly answers: Record<string, string[]>) {
    super('nowhere');
  }

  public override get() {
    const pod = (name: string) => ({ metadata: { name, uid: name }, spec: {}, status: { podIP: '192.0.2.1' } });
    return Promise.resolve({ items: Object.keys(this.answers).map(pod) });
  }

  public override attempt(args: readonly string[]): Promise<Ended> {
    const [, name = ''] = args;
    const [answer = '', ...rest] = this.answers[name] ?? [];
    if (rest.length > 0) this.answers[name] = rest;
    const asked = answer.split(',').filter((_, i) => args.join().includes(`$(${CHANGES[i].probe})`));
    return Promise.resolve({ code: 0, stdout: asked.join('\n'), stderr: '' });
  }
}

const judge = (a: string[], b: string[], seconds = 10) =>
  inForce(new Database(new Scripted({ a, b }), 'orders', {}, false), CHANGES, monotonic(), seconds);

test('a change is in force when the last member has it', async () => {
  const found = await judge(['red,big'], ['blue,big', 'red,big']);
  expect([Math.round(found.seconds.color), Math.round(found.seconds.size), found.undone, found.missing]).toEqual([1, 0, [], '']);
});

test('one that is not in force when all others are counts from when it came back', async () => {
  const found = await judge(['red,big'], ['red,small', 'red,big', 'blue,big', 'red,big']);
  expect([Math.round(found.seconds.color), Math.round(found.seconds.size)]).toEqual([2, 1]);
  expect(found.undone).toEqual(['color on b: blue']);
});

test.each(['', 'away,big', 'red,away: shutting down'])(
  'a server that restarts (%p) neither is in force nor undoes what was',
  async (restarting) => {
    const found = await judge(['red,big'], ['red,small', 'red,big', restarting, 'red,big']);
    expect([Math.round(found.seconds.color), Math.round(found.seconds.size), found.undone, found.missing]).toEqual([0, 1, [], '']);
    const late = await judge(['red,big'], [restarting, 'red,big']);
    expect(Math.round(Math.max(...Object.values(late.seconds)))).toBe(1);
  },
);

test('what is missing when time is up is said, with what was seen instead', async () => {
  const found = await judge(['red,big'], ['red,small'], 0.5);
  expect(found.missing).toMatch(/last: size on b: small$/);
  expect(Object.keys(found.seconds)).toEqual(['color']);
});
