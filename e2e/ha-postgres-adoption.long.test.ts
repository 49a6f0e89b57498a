import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Adoption } from '../lib';
import { KEEP } from './support/environment';
import { deleteNamespace, type Json } from './support/kubectl';
import { locked } from './support/lock';
import { type Outcome, report, whileWriting } from './support/session';
import { NAME, Subject } from './support/subject';
import { nodeOtherThan } from './support/trial';
import { sleep, until } from './support/wait';

/** The steps of the README's "Adopting a running cluster", from a plain Patroni manifest, with writers all the time. */

const LABELS = { application: 'patroni', 'cluster-name': NAME };
const ROWS = 1000;

/** Twice the targets, in seconds: no outage, an orderly handover, and a leader lost without a word (ttl). */
const LIMIT = { undisturbed: 3, handover: 6, lost: 66 };

let cluster: Subject;
let before: { claims: string[]; system: string };

beforeAll(async () => {
  cluster = await Subject.create({
    label: 'adoption',
    members: LABELS,
    props: {
      adopt: Adoption.patroniExample({ userId: 1000, partition: 2 }), // this image's `postgres` is user 1000
      networkPolicy: { enabled: false }, // until all members are ours: a policy would hold for the old ones too
      postgresql: { parameters: { max_connections: 100 } },
    },
  });
  const manifest = readFileSync(join(__dirname, 'manifests/plain-patroni.yaml'), 'utf8');
  await cluster.kubectl.run(['apply', '-f', '-'], manifest); // client-side, as people do
  await cluster.healthy(120);
});

afterAll(async () => {
  if (!KEEP) await deleteNamespace(cluster.kubectl);
});

const sql = async (query: string, database = NAME) =>
  (await cluster.database.sql((await cluster.database.view()).leader, database, query)).trim();
const verifier = () => sql("select left(rolpassword, 3) from pg_authid where rolname = 'orders'");
const system = () => sql('select system_identifier from pg_control_system()');

async function claims(): Promise<string[]> {
  const { items } = await cluster.kubectl.get('pvc');
  return items.map((claim: Json) => `${claim.metadata.name} ${claim.metadata.uid}`).sort();
}

/** Waits until exactly these members run under this library: those with an agent. */
function untilOurs(ordinals: number[]): Promise<true> {
  return until(`members ${ordinals} under the library`, 120, async () => {
    const { items } = await cluster.kubectl.get('pods', '-l', cluster.database.selector);
    const ours = items.filter((pod: Json) => pod.spec.containers.some((container: Json) => container.name === 'agent'));
    const names = ours.map((pod: Json) => pod.metadata.name);
    if (`${names}` !== `${ordinals.map((i) => `${NAME}-${i}`)}`) throw new Error(`${names}`);
    return true as const;
  });
}

/** Does something with writers beside a member that does not lead, and checks that nothing else changed. */
async function step(name: string, longest: number, act: () => Promise<unknown>): Promise<Outcome> {
  const outcome = await locked('shared', async () => {
    const { node } = await cluster.database.leader();
    return whileWriting(cluster, await nodeOtherThan(cluster, node), act);
  });
  report(`adoption ${name}`, outcome);
  for (const mode of ['row', 'kept'] as const) {
    expect(outcome.through[mode].acknowledged).toBeGreaterThan(20);
    expect(outcome.through[mode].gap).toBeLessThanOrEqual(longest);
  }
  expect(outcome.overlap).toBe(0);
  expect(await sql('select count(*) from kept')).toBe(`${ROWS}`);
  expect({ claims: await claims(), system: await system() }).toEqual(before);
  expect(await cluster.kubectl.diff(cluster.objects())).toBe('');
  return outcome;
}

test('given: a plain Patroni cluster with rows, and its leader not the member that goes first', async () => {
  await sql("set password_encryption = 'md5'; create role orders login password 'orders-of-a-test'", 'postgres'); // as it was done for years
  await sql('create database orders owner orders', 'postgres');
  await sql(`create table kept as select g as id from generate_series(1, ${ROWS}) g`);
  await cluster.prepareWriters();
  await cluster.database.switchover(`${NAME}-0`);
  await cluster.healthy(60);
  before = { claims: await claims(), system: await system() };
  expect(await verifier()).toBe('md5');
});

test('step 1: the StatefulSet goes without its pods; ours takes them over, and makes the last one anew', async () => {
  const outcome = await step('first member', LIMIT.undisturbed, async () => {
    await cluster.kubectl.run(['delete', 'statefulset', NAME, '--cascade=orphan']);
    await cluster.apply();
    await untilOurs([2]);
    await cluster.healthy(120);
    await sleep(5); // a mistake in the partition would show by now
  });
  await untilOurs([2]);
  expect(outcome.promotions).toBe(0);
  expect([outcome.through.row.lost, outcome.through.kept.lost]).toEqual([[], []]);
});

test('half-way, one new and two old: the old leader is lost without a word, and another member leads', async () => {
  const { kubectl, database } = cluster;
  const outcome = await step('half-way, leader lost', LIMIT.lost, async () => {
    const { items } = await kubectl.get('pods');
    await kubectl.apply([quota(items.length - 1)]); // else it is back before its lock has expired
    await kubectl.run(['delete', 'pod', `${NAME}-0`]); // the old manifest gives it no time at all
    const leader = await until(
      'another leader',
      LIMIT.lost,
      async () => (await database.pods()).length === 2 && (await database.view()).leader,
    );
    process.stdout.write(`half-way, ${leader} leads\n`);
    expect(leader).not.toBe(`${NAME}-0`);
    await sleep(3);
    await kubectl.run(['delete', 'resourcequota', 'fewer']);
    await kubectl.run(['annotate', 'statefulset', NAME, 'e2e/look=again']); // its controller's next try may be a minute away
  });
  expect(outcome.promotions).toBe(1);
  await untilOurs([0, 2]); // what has to start anew starts under the library, whatever the partition
});

const quota = (pods: number) => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'fewer' },
  spec: { hard: { pods: `${pods}` } },
});

test('step 2: a new member leads, and then the rest is made anew: one handover, nothing lost', async () => {
  const outcome = await step('rest', LIMIT.handover, async () => {
    await cluster.database.switchover(`${NAME}-2`);
    await cluster.healthy(60);
    await cluster.apply({ adopt: Adoption.patroniExample({ userId: 1000 }) });
    await untilOurs([0, 1, 2]);
    await cluster.healthy(120);
  });
  expect(outcome.promotions).toBeLessThanOrEqual(1);
  expect([outcome.through.row.lost, outcome.through.kept.lost]).toEqual([[], []]);
});

test('step 3: the policy, and scram for everybody; what is left of the old manifest goes', async () => {
  expect(await verifier()).toBe('SCR');
  const outcome = await step('end', LIMIT.undisturbed, async () => {
    await cluster.apply({ adopt: Adoption.patroniExample({ userId: 1000, authMethod: 'scram-sha-256' }), networkPolicy: {} });
    await cluster.kubectl.run(['delete', 'service/orders-repl', 'role/orders', 'rolebinding/orders']);
    await sleep(30); // the kubelet brings the changed pg_hba, and the lock has to be renewed with our Role alone
    await cluster.healthy(60);
  });
  expect(outcome.promotions).toBe(0);
  expect(await sql("select count(*) from pg_hba_file_rules where auth_method = 'md5'")).toBe('0');
});
