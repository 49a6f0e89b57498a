import type { Fault } from './faults';
import { type Json, Kubectl } from './kubectl';
import { locked } from './lock';
import { type Outcome, report, Session, whileWriting } from './session';
import type { Subject } from './subject';
import { sleep } from './wait';

/** Lets a fault happen to the leader of each cluster, with writers on a node that survives. */
export async function trial(fault: Fault, subjects: readonly Subject[]): Promise<Outcome[]> {
  const outcomes = fault.takes === 'pod' ? await podTrial(fault, subjects) : await nodeTrial(fault, subjects);
  for (const outcome of outcomes) report(`${outcome.subject.label} ${fault.name}`, outcome);
  return outcomes;
}

/** One cluster after the other: seconds are measured, and two cores would share them. */
function podTrial(fault: Fault, subjects: readonly Subject[]): Promise<Outcome[]> {
  return inTurns(subjects, async (subject) => {
    const leader = await subject.database.leader();
    return whileWriting(subject, await nodeOtherThan(subject, leader.node), async () => {
      await fault.inject(subject.database, leader);
      await sleep(3); // until the API server has heard of it: before, a look could still show health
    });
  });
}

/** Does the same to each cluster, never to two at a time. */
export function inTurns<T>(subjects: readonly Subject[], work: (subject: Subject) => Promise<T>): Promise<T[]> {
  return locked('shared', async () => {
    const results: T[] = [];
    for (const subject of subjects) results.push(await work(subject));
    return results;
  });
}

/** All leaders are on the node that the fault takes: here the seconds are those of the lock's time. */

function nodeTrial(fault: Fault, subjects: readonly Subject[]): Promise<Outcome[]> {
  return locked('exclusive', async () => {
    // A synchronous cluster's leader is the hardest to move, so all others come to its node.
    const hardest = subjects.find((subject) => subject.synchronous) ?? subjects[0];
    const node = await nodeWithoutNames(hardest);
    const leaders = await Promise.all(subjects.map((subject) => subject.database.lead(node, subject.members)));
    const survivor = await nodeOtherThan(hardest, node);
    const begin = (subject: Subject, i: number) =>
      Session.begin(subject, { node: survivor, direct: fault.name === 'node-cut' ? leaders[i] : undefined });
    const sessions = await Promise.all(subjects.map(begin));
    try {
      try {
        await sleep(10 * Math.random()); // at any time of the lock's life: a leader that has just come to this node renews it in step
        await fault.inject(hardest.database, leaders[0]);
        await sleep(2); // until the writers have felt it
        // They have to come back by themselves, not because the node does.
        await Promise.all(sessions.map((session) => session.writing(120)));
      } finally {
        await fault.repair?.(leaders[0]);
      }
      return await Promise.all(sessions.map((session) => session.outcome()));
    } finally {
      await Promise.all(sessions.map((session) => session.end()));
    }
  });
}

/**
 * The leader's node, or another with a member where that one also answers for names: the test cluster has one DNS server, and a writer
 * that waits for names would be counted as one that waits for the database.
 */
async function nodeWithoutNames({ database }: Subject): Promise<string> {
  const { items } = await new Kubectl('kube-system').get('pods', '-l', 'k8s-app=kube-dns');
  const taken = items.map((pod: Json) => pod.spec.nodeName);
  const { node } = await database.leader();
  return [node, ...(await database.pods()).map((pod) => pod.node)].find((each) => !taken.includes(each)) ?? node;
}

/** A node with a member that is not the leader's; the same in a cluster of one node. */
export async function nodeOtherThan(subject: Subject, node: string): Promise<string> {
  return (await subject.database.pods()).find((pod) => pod.node !== node)?.node ?? node;
}
