import type { Dcs } from '../lib';
import { Client } from './support/client';
import { KEEP } from './support/environment';
import { figure, spread } from './support/figures';
import { deleteNamespace, requireReadyNodes } from './support/kubectl';
import { locked } from './support/lock';
import { hasTwo, isWrong, longest, longestRecovery, type Observation, observe } from './support/service';
import { CLIENT, NAME, Subject } from './support/subject';

/** Where the Service of the leader leads to while the leader changes, ten times in either mode. */

const SWITCHOVERS = 10;
/** Seconds that a client may be led to a server which only reads. */
const RECOVERY = 2;

beforeAll(() => locked('shared', requireReadyNodes));

/** Moves the leadership to a replica and back, and so on; each time the Service is watched until the new leader answers steadily. */
async function switchovers(subject: Subject): Promise<Observation[]> {
  const seen: Observation[] = [];
  for (let i = 0; i < SWITCHOVERS; i++) {
    await locked('shared', async () => {
      const { streaming } = await subject.healthy(90);
      const to = streaming[i % streaming.length];
      seen.push(await observe(subject, 'allowed', NAME, () => subject.database.switchover(to)));
    });
  }
  return seen;
}

function print(name: string, values: readonly number[], unit = 's'): void {
  for (const [which, value] of Object.entries(spread(values))) figure(`${name}, ${which} of ${values.length}`, value, unit);
}

test.each<Dcs>(['endpoints', 'configMaps'])(
  'in %s mode the Service leads to the leader and to nobody else, through ten switchovers',
  async (dcs) => {
    const subject = await Subject.create({ label: `service-${dcs.toLowerCase()}`, props: { dcs } });
    try {
      await locked('shared', async () => {
        await subject.apply();
        await subject.healthy(240); // how long that takes is judged elsewhere
        const client = await Client.start(subject, 'allowed', CLIENT);
        await client.connected(NAME, 5432);
        const { leader } = await subject.database.view();
        await subject.database.sql(leader, NAME, 'SELECT 1'); // the agent has made the database
      });
      const seen = await switchovers(subject);
      for (const { answers } of seen) {
        const leaders = answers.filter(({ recovery }) => recovery === false).map(({ server }) => server);
        expect(new Set(leaders).size).toBe(2); // both answered, so the change was seen
      }
      const two = seen.map((each) => longest(each, hasTwo));
      const recovery = seen.map(({ answers }) => longestRecovery(answers));
      print(`${dcs} Service: two addresses`, two);
      print(
        `${dcs} Service: an address without the lock`,
        seen.map((each) => longest(each, isWrong)),
      );
      print(`${dcs} Service: led to a server in recovery`, recovery);
      print(
        `${dcs} Service: unanswered`,
        seen.map(({ answers }) => answers.filter(({ server }) => !server).length),
        'of five a second',
      );
      if (dcs === 'endpoints') expect(Math.max(...two)).toBe(0);
      expect(Math.max(...recovery)).toBeLessThanOrEqual(RECOVERY);
    } finally {
      if (!KEEP) await deleteNamespace(subject.kubectl);
    }
  },
  900_000,
);
