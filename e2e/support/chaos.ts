import { compare } from './account';
import type { Pod } from './database';
import { KEEP } from './environment';
import { control, FAULTS } from './faults';
import { deleteNamespace, requireReadyNodes } from './kubectl';
import { history, settle, type Told, torn } from './ledger';
import { Load, preparePgbench } from './load';
import { locked } from './lock';
import { generator, pick } from './random';
import { type Outcome, report, Session } from './session';
import { Subject } from './subject';
import { nodeOtherThan } from './trial';
import { monotonic, sleep } from './wait';
import type { Ack } from './writer';

/** What pgbench does meanwhile: less than it could, since the nodes share two cores, and what is measured is not their want. */
const LOAD = { scale: 5, clients: 4, rate: 40 };
/** Parts of the control plane that go away and come back. */
const PARTS = ['apiserver', 'controller-manager'] as const;
const NAMES = [...FAULTS.map(({ name }) => name).filter((name) => name !== 'switchover'), ...PARTS];
const isKill = (fault: string) => fault.endsWith('-kill');

/** A fault as it was drawn before the run. */
export interface Planned {
  readonly fault: string;
  readonly target: 'leader' | 'replica';
  /** Seconds that a node or a part of the control plane stays away; a leader's node at least until clients write again. */
  readonly away: number;
  /** From 0 to below 1: which of the members that it may be. */
  readonly which: number;
}

/** A fault as it was. */
export interface Minute {
  readonly fault: string;
  readonly outcome: Outcome;
  /** Transactions of pgbench that were acknowledged meanwhile. */
  readonly commits: number;
}

/** What a run came to. */
export interface Verdict {
  readonly minutes: readonly Minute[];
  /** Seconds from the first fault to the last account. */
  readonly seconds: number;
  /** Acknowledged rows of the writers, and commits of pgbench. */
  readonly rows: number;
  readonly commits: number;
  /** All that should not be; empty when the run is good. */
  readonly wrong: readonly string[];
}

/**
 * Draws the faults: all kinds in some order, and again. A killed container meets the kubelet's back-off, so there are no more
 * kills than members.
 */
export function plan(seed: number, count: number, members: number): Planned[] {
  const random = generator(seed);
  const planned: Planned[] = [];
  let bag: string[] = [];
  while (planned.length < count) {
    const kills = planned.filter(({ fault }) => isKill(fault)).length;
    bag = bag.filter((fault) => !isKill(fault) || kills < members);
    if (bag.length === 0) bag = NAMES.filter((fault) => !isKill(fault) || kills < members);
    const fault = pick(bag, random);
    bag = bag.filter((each) => each !== fault);
    planned.push({ fault, target: pick(['leader', 'replica'], random), away: 5 + Math.floor(random() * 26), which: random() });
  }
  return planned;
}

/** A fault a minute under load, on a cluster in `sync`, until all are done or it does not heal. */
export async function chaos(minutes: number, seed: number): Promise<Verdict> {
  process.stdout.write(`faults: --seed ${seed}\n`);
  await locked('shared', requireReadyNodes);
  const subject = await Subject.create({ label: 'chaos', props: { durability: 'sync' } });
  try {
    await subject.apply();
    await subject.healthy(120);
    await subject.prepareWriters();
    await preparePgbench(subject, LOAD.scale);
    return await new Chaos(subject).run(plan(seed, minutes, subject.members));
  } finally {
    if (!KEEP) await deleteNamespace(subject.kubectl);
  }
}

class Chaos {
  private readonly minutes: Minute[] = [];
  private readonly wrong: string[] = [];
  private readonly acks: Ack[] = [];
  private readonly told: Told[] = [];
  private readonly killed = new Set<string>();

  constructor(private readonly subject: Subject) {}

  public async run(planned: readonly Planned[]): Promise<Verdict> {
    const begin = monotonic();
    for (const [i, each] of planned.entries()) {
      const title = `fault ${i + 1} of ${planned.length}`;
      try {
        const exclusive = each.fault.startsWith('node-') || isPart(each.fault);
        await locked(exclusive ? 'exclusive' : 'shared', () => this.minute(title, each));
      } catch (error) {
        // What comes after would only be about this. The account of the rows is asked for all the same.
        this.complain(`${title}, ${each.fault}: ${String(error).split('\n')[0]}`);
        break;
      }
    }
    await this.settle().catch((error) => this.complain(`no account: ${String(error).split('\n')[0]}`));
    const commits = this.told.reduce((sum, each) => sum + each.commits, 0);
    return { minutes: this.minutes, seconds: monotonic() - begin, rows: this.acks.length, commits, wrong: this.wrong };
  }

  /** One fault and the rest of its minute, with clients on a node that it leaves alone. */
  private async minute(title: string, planned: Planned): Promise<void> {
    const { subject } = this;
    const begin = monotonic();
    const leader = await subject.database.leader();
    const target = isPart(planned.fault) ? undefined : await this.target(planned, leader.name);
    const fault = target ? `${planned.fault}, ${target.name === leader.name ? 'leader' : 'replica'}` : planned.fault;
    const where = target ? `${target.name} on ${target.node}` : `for ${planned.away} s`;
    process.stdout.write(`${title}: ${fault} (${where})\n`);
    const node = await nodeOtherThan(subject, target?.node ?? leader.node);
    // Beside a leader that is cut off, and never elsewhere, clients might be told of commits that nobody else hears of.
    const direct = fault === 'node-cut, leader' ? leader : undefined;
    const session = await Session.begin(subject, { node, direct });
    let load: Load | undefined;
    try {
      load = await Load.start(subject, node, LOAD);
      await this.strike(planned, target, session);
      await session.writing(120);
      await subject.healthy(180);
      await sleep(Math.max(0, 48 - (monotonic() - begin))); // the account and pgbench's last run take the other twelve
      const outcome = await session.outcome();
      report(`${title} ${fault}`, outcome);
      this.take(title, fault, outcome, await load.stop());
      this.wrong.push(...(await torn(subject.database, (await subject.database.view()).leader)));
    } finally {
      await session.end();
      await load?.remove();
    }
  }

  /** The member that it happens to: of the wanted role if it may be, and never twice the same for a kill. */
  private async target({ fault, target, which }: Planned, leader: string): Promise<Pod> {
    const pods = (await this.subject.database.pods()).filter(({ name }) => !isKill(fault) || !this.killed.has(name));
    const wanted = pods.filter(({ name }) => (name === leader) === (target === 'leader'));
    const from = wanted.length > 0 ? wanted : pods;
    const chosen = from[Math.floor(which * from.length)];
    if (isKill(fault)) this.killed.add(chosen.name);
    return chosen;
  }

  private async strike({ fault, away }: Planned, target: Pod | undefined, session: Session): Promise<void> {
    if (isPart(fault)) {
      await control('stop', fault)
        .then(() => sleep(away))
        .finally(() => control('start', fault));
      return;
    }
    const found = FAULTS.find(({ name }) => name === fault);
    if (!found || !target) throw new Error(`nothing to do for ${fault}`);
    try {
      await found.inject(this.subject.database, target);
      await sleep(3); // until the API server and the writers have felt it
      // Writers have to come back by themselves, not because the node does.
      if (found.repair) await Promise.all([session.writing(120), sleep(away)]);
    } finally {
      await found.repair?.(target);
    }
  }

  /** Enters one minute into the books, with what is wrong about it. */
  private take(title: string, fault: string, outcome: Outcome, told: Told[]): void {
    const accounts = [...Object.values(outcome.through), ...outcome.direct];
    const commits = told.reduce((sum, each) => sum + each.commits, 0);
    this.minutes.push({ fault, outcome, commits });
    this.acks.push(...accounts.flatMap(({ acks }) => acks));
    this.told.push(...told);
    process.stdout.write(`${title}: ${commits} transactions of pgbench\n`);
    const lost = accounts.flatMap((each) => each.lost);
    if (lost.length > 0) this.complain(`${title}, ${fault}: lost ${lost}`);
    if (outcome.overlap > 0) this.complain(`${title}, ${fault}: two members acknowledged rows for ${outcome.overlap} s`);
    const fewest = Math.min(commits, ...Object.values(outcome.through).map(({ acknowledged }) => acknowledged));
    if (fewest <= 20) this.complain(`${title}, ${fault}: a client was told of ${fewest} commits only: the rest would say nothing`);
  }

  /** All that was ever acknowledged, against what each member holds in the end. */
  private async settle(): Promise<void> {
    const { database } = this.subject;
    if (this.wrong.length === 0) await this.subject.healthy(180); // else whoever is there is asked
    await sleep(2); // nobody writes any more: the last bytes reach the replicas
    for (const { name } of await database.pods()) {
      const rows = (await database.sql(name, 'orders', 'select id from e2e_rows')).trim().split('\n');
      const { lost, twice } = compare(this.acks, rows);
      const pgbench = settle(this.told, await history(database, name));
      const counted = `${lost.length} of ${this.acks.length} rows lost, ${twice.length} twice; of pgbench's ${pgbench.told} commits ${pgbench.lost} lost, ${pgbench.twice} twice`;
      process.stdout.write(`${name}: ${counted}\n`);
      if (lost.length + twice.length + pgbench.lost + pgbench.twice > 0) this.complain(`${name} in the end: ${counted}`);
      this.wrong.push(...(await torn(database, name)));
    }
  }

  private complain(what: string): void {
    process.stdout.write(`WRONG ${what}\n`);
    this.wrong.push(what);
  }
}

const isPart = (fault: string): fault is (typeof PARTS)[number] => PARTS.some((part) => part === fault);
