import type { Dcs } from '../../lib';
import { type Grant, grantsOf, requestsOf, without } from './audit';
import { KEEP } from './environment';
import { control } from './faults';
import { deleteNamespace, type Json } from './kubectl';
import { locked } from './lock';
import { patroniObjects } from './patroni-objects';
import { NAME, Subject } from './subject';
import { until } from './wait';

/** Starts a cluster without each right of its Role in turn, and says what then fails. */
export async function neededRights(dcs: Dcs): Promise<string[]> {
  const notes: string[] = [];
  let grants: Grant[] | undefined;
  for (let i = 0; i < (grants?.length ?? 1); i++) {
    const since = new Date();
    const subject = await Subject.create({ label: `rights-${dcs.toLowerCase()}-${i}`, props: { dcs } });
    try {
      grants ??= grantsOf(subject.objects().find(isRole));
      const grant = grants[i];
      await subject.kubectl.apply(subject.objects().map((object) => (isRole(object) ? without(object, grant) : object)));
      const symptom = await locked('shared', () => symptomOf(subject));
      const requests = (await requestsOf(subject.kubectl.namespace, NAME, since)) ?? [];
      const denied = requests.filter(({ verb, resource, code }) => verb === grant.verb && resource === grant.resource && code === 403);
      notes.push(`${dcs}, without \`${grant.verb} ${grant.resource}\`: ${symptom}; ${denied.length} requests denied`);
      process.stdout.write(`${notes[notes.length - 1]}\n`);
    } finally {
      if (!KEEP) await deleteNamespace(subject.kubectl);
    }
  }
  return notes;
}

/** The first thing that goes wrong in a cluster's youth. */
async function symptomOf(subject: Subject): Promise<string> {
  const steps: [string, () => Promise<unknown>][] = [
    ['it never becomes healthy', () => subject.healthy(60)],
    ['no switchover', () => switchAway(subject)],
    ['not healthy after a switchover', () => subject.healthy(60)],
    ['not healthy after the deletion of the leader', () => replaceLeader(subject)],
  ];
  for (const [symptom, step] of steps) {
    try {
      await step();
    } catch {
      return symptom;
    }
  }
  return 'nothing a client would notice';
}

async function switchAway(subject: Subject): Promise<void> {
  const { streaming } = await subject.database.view();
  await subject.database.switchover(streaming[0]);
}

async function replaceLeader(subject: Subject): Promise<void> {
  const { name, uid } = await subject.database.leader();
  await subject.kubectl.run(['delete', 'pod', name, '--wait=false']);
  const replaced = async () => ((await subject.database.pod(name)).uid !== uid ? true : undefined);
  await until('the new pod', 60, replaced, 2);
  await subject.healthy(60);
}

/** Restarts the controller-manager beside a cluster without its guard Services: what of Patroni is gone then? */
export async function neededGuard(): Promise<string[]> {
  const subject = await Subject.create({ label: 'guards', props: { durability: 'sync' } });
  const { kubectl } = subject;
  try {
    const guards = ['orders-config', 'orders-failover', 'orders-sync'];
    await kubectl.apply(subject.objects().filter(({ kind, metadata }) => !(kind === 'Service' && guards.includes(metadata.name))));
    await subject.healthy(120);
    await switchAway(subject);
    await subject.healthy(60);
    const before = await patroniObjects(subject);
    await locked('exclusive', async () => {
      await kubectl.apply([{ apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'stray' } }]);
      await control('stop', 'controller-manager').finally(() => control('start', 'controller-manager'));
      const gone = async () => (await kubectl.attempt(['get', 'endpoints', 'stray'])).stderr.includes('NotFound') || undefined;
      await until('the clean-up', 60, gone);
    });
    const after = await patroniObjects(subject);
    const lost = Object.keys(before).filter((name) => after[name]?.uid !== before[name].uid);
    const kept = Object.keys(before).filter((name) => !lost.includes(name));
    return [
      `Without guard Services a restarted controller-manager deleted the Endpoints ${lost.join(', ') || 'none'}; left: ${kept.join(', ')}`,
    ];
  } finally {
    if (!KEEP) await deleteNamespace(kubectl);
  }
}

const isRole = ({ kind }: Json) => kind === 'Role';
