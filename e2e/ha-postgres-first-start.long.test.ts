import { cutOff, keptFolders } from './support/cut-off';
import { KEEP } from './support/environment';
import { figure } from './support/figures';
import { deleteNamespace } from './support/kubectl';
import { locked } from './support/lock';
import { NAME, Subject } from './support/subject';
import { until } from './support/wait';

/** initdb makes pg_control early: what is cut off after that looks whole, and has no database but template1. */
const MOMENTS = [
  { moment: 'before pg_control', when: '[ -e "$PGDATA/PG_VERSION" ] && [ ! -e "$PGDATA/global/pg_control" ]', halts: 'initdb' },
  { moment: 'after pg_control', when: '[ -e "$PGDATA/global/pg_control" ]', halts: 'initdb' },
];

test.each(MOMENTS)('a first start that is cut off in initdb, $moment, begins anew by itself', ({ moment, ...halted }) =>
  locked('shared', async () => {
    const cluster = await Subject.create({ label: 'first-start' });
    try {
      figure(`first start: initdb cut off ${moment}, healthy after`, await cutOff(cluster, halted), 's');
      const { leader } = await cluster.database.view();
      await until('the declared database', 60, () => cluster.database.sql(leader, NAME, 'CREATE TABLE kept ()'));
      expect(await keptFolders(cluster)).toHaveLength(1);
      expect(await cluster.kubectl.diff(cluster.objects())).toBe('');
    } finally {
      if (!KEEP) await deleteNamespace(cluster.kubectl);
    }
  }),
);
