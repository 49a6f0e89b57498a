import { leastUp } from './support/readiness';
import { answersIn, hasTwo, isWrong, longest, longestRecovery, momentsIn } from './support/service';

const lines = (...texts: string[]) => texts.map((text, at) => ({ at, text }));
const slice = (name: string, ...endpoints: [address: string, ready?: boolean][]) =>
  `MODIFIED ${name} ${JSON.stringify(endpoints.map(([address, ready]) => ({ addresses: [address], conditions: { ready } })))}`;
const IPS = new Map([
  ['orders-0', '10.0.0.1'],
  ['orders-1', '10.0.0.2'],
]);

describe('how long clients are led to a server in recovery', () => {
  const seconds = (...words: string[]) =>
    longestRecovery(answersIn(words.map((word, i) => ({ at: i, text: `${word.replace('@', ` ${i}`)}` }))));

  test('from the first such answer to the attempt after the last', () =>
    expect(seconds('answer@ a f', 'answer@ a t', 'answer@ a t', 'err@ refused', 'err@ refused', 'answer@ b f')).toBe(2));
  test('an attempt that nobody answers does not end it', () =>
    expect(seconds('answer@ a t', 'err@ refused', 'err@ refused', 'answer@ b t', 'answer@ b f')).toBe(4));
  test('an answer of a leader does', () => expect(seconds('answer@ a t', 'answer@ a f', 'answer@ b t', 'answer@ a f')).toBe(1));
});

describe('what a Service says', () => {
  test('a slice without endpoints has no address', () => {
    const moments = momentsIn(lines('ADDED s ', 'MODIFIED s null', 'MODIFIED s []'), [], IPS);
    expect(moments.map(({ addresses }) => addresses)).toEqual([[], [], []]);
  });

  test('two slices have two addresses; one that is not ready does not count, nor does a slice that is gone', () => {
    const said = lines(
      slice('s', ['10.0.0.1']),
      slice('t', ['10.0.0.2']),
      'DELETED t []',
      slice('s', ['10.0.0.1', true], ['10.0.0.2', false]),
    );
    const moments = momentsIn(said, [], IPS);
    expect(moments.map(hasTwo)).toEqual([false, true, false, false]);
    expect(longest({ moments, end: 9 }, hasTwo)).toBe(1);
  });

  test('an address is wrong while another member has the lock, but not while nobody has it', () => {
    const lock = [
      { at: 0, text: 'orders-0' },
      { at: 2, text: '' },
      { at: 4, text: 'orders-1' },
    ];
    const slices = [
      { at: 1, text: slice('s', ['10.0.0.1']) },
      { at: 7, text: slice('s', ['10.0.0.2']) },
    ];
    const moments = momentsIn(slices, lock, IPS);
    expect(moments.map(isWrong)).toEqual([false, false, false, true, false]);
    expect(longest({ moments, end: 9 }, isWrong)).toBe(3);
  });
});

describe('how many members are up at the worst moment', () => {
  const all = ['a', 'b', 'c'].map((name) => `ADDED ${name} /True`);

  test('one that is being deleted, is not ready, is gone or is new is down', () => {
    for (const then of ['MODIFIED a 2026-11-25T20:00:00Z/True', 'MODIFIED a /False', 'DELETED a /True', 'ADDED a /'])
      expect(leastUp(lines(...all, then, 'MODIFIED a /True'), 3)).toBe(2);
  });
  test('the time before all were up does not count', () => expect(leastUp(lines(...all), 3)).toBe(3));
  test('two at a time are seen', () => expect(leastUp(lines(...all, 'MODIFIED a /False', 'MODIFIED b /False', ...all), 3)).toBe(1));
  test('members that never were all up say nothing', () => expect(() => leastUp(lines(all[0]), 3)).toThrow('there never were 3'));
});
