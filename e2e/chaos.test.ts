import { plan } from './support/chaos';
import { settle } from './support/ledger';

/** What draws the faults of a soak, and what judges its pgbench, without a cluster. */

describe('the faults of a run', () => {
  test('are the same for a seed, and others for the next', () => {
    expect(plan(7, 30, 3)).toEqual(plan(7, 30, 3));
    expect(plan(7, 30, 3)).not.toEqual(plan(8, 30, 3));
  });

  test.each([1, 2, 3, 4, 5])('of seed %i have every kind, and no more kills than members', (seed) => {
    const faults = plan(seed, 30, 3).map(({ fault }) => fault);
    expect(faults).toHaveLength(30);
    expect(faults.filter((fault) => fault.endsWith('-kill'))).toHaveLength(3);
    const kinds = ['apiserver', 'controller-manager', 'graceful', 'node-cut', 'node-dead', 'patroni-kill', 'postgres-kill'];
    expect([...new Set(faults)].sort()).toEqual(kinds);
  });
});

describe('of the commits that pgbench was told of', () => {
  const told = [{ client: 'run/0', commits: 3 }];
  const kept = (rows: number, different: number, highest: number) => [{ client: 'run/0', rows, different, highest }];

  test.each([
    ['all are there', kept(3, 3, 3), 0, 0],
    ['all are there, and one more that it was not told of', kept(4, 4, 4), 0, 0],
    ['the last is gone', kept(2, 2, 2), 1, 0],
    ['the last is gone, but not the one after it', kept(3, 3, 4), 1, 0],
    ['one in the middle is gone', kept(2, 2, 3), 1, 0],
    ['one is there twice', kept(4, 3, 3), 0, 1],
    ['one is there twice, and another is gone', kept(3, 2, 3), 1, 1],
    ['all are gone', [], 3, 0],
  ])('%s', (_, rows, lost, twice) => {
    expect(settle(told, rows)).toEqual({ told: 3, lost, twice });
  });

  test('a client whose log is gone counts by what the history has', () => {
    expect(settle([], kept(2, 2, 3))).toEqual({ told: 0, lost: 1, twice: 0 });
  });
});
