import { Chart, Testing } from 'cdk8s';
import { HaPostgres, type HaPostgresProps, type UpgradeOptions } from '../../lib';
import { Database } from './database';
import { IMAGE, IMAGE_OLD, PREFIX } from './environment';
import { createNamespace, type Json, type Kubectl } from './kubectl';
import { inAnyOrder } from './shuffle';
import { CLIENT, NAME, passwords, standard } from './subject';
import type { WriterTarget } from './writer';

/** What a commit says of the two clusters. */
export interface PairCommit {
  /** @default - as PostgreSQL's own, `replica` */
  readonly walLevel?: string;
  /** @default - there is no new cluster */
  readonly phase?: UpgradeOptions['phase'] | 'over';
}

const OLD = { image: IMAGE_OLD, postgresVersion: 15, patroniVersion: '3.0' };
const NEW_NAME = `${NAME}-17`;

/** A cluster of an old major version, and beside it the one that replaces it. */
export class Pair {
  public static async create(label: string): Promise<Pair> {
    const kubectl = await createNamespace(`${PREFIX}-${label}`);
    await kubectl.apply([passwords()]);
    return new Pair(kubectl);
  }

  /** How many members each has. With two, and one of them restarting, a synchronous cluster waits. */
  public readonly members = { before: 2, after: 3 };
  public readonly before: Database;
  public readonly after: Database;
  private made: { objects: Json[]; env: Record<string, Json[]> } = { objects: [], env: {} };

  private constructor(public readonly kubectl: Kubectl) {
    const labels = (name: string) => ({ 'app.kubernetes.io/instance': name, 'app.kubernetes.io/component': 'database' });
    this.before = new Database(kubectl, NAME, labels(NAME), false);
    this.after = new Database(kubectl, NEW_NAME, labels(NEW_NAME), true);
  }

  public async apply(commit: PairCommit): Promise<void> {
    this.made = this.synth(commit);
    await this.kubectl.apply(inAnyOrder(this.made.objects));
  }

  public diff(): Promise<string> {
    return this.kubectl.diff(this.made.objects);
  }

  /** Writers that use the old cluster, or the new one. */
  public target(database: Database): WriterTarget {
    const image = database === this.before ? IMAGE_OLD : IMAGE;
    return { database, image, env: this.made.env[database.name], clientLabels: CLIENT };
  }

  /** What the container that upgrades has said, in all members. */
  public async said(): Promise<string> {
    const pods = await this.after.pods();
    const logs = pods.map(({ name }) => this.kubectl.attempt(['logs', name, '-c', 'upgrade']));
    return (await Promise.all(logs)).map(({ stdout }) => stdout).join('');
  }

  private synth({ walLevel, phase }: PairCommit): { objects: Json[]; env: Record<string, Json[]> } {
    const chart = new Chart(Testing.app(), 'e2e', { namespace: this.kubectl.namespace });
    const make = (id: string, image: string, props: Partial<HaPostgresProps>) => {
      const postgres = new HaPostgres(chart, id, { ...standard(image), ...props });
      postgres.allowFrom({ podLabels: CLIENT });
      return postgres;
    };
    const { image, ...versions } = OLD;
    const source = make(NAME, image, {
      ...versions,
      members: this.members.before,
      postgresql: walLevel ? { parameters: { wal_level: walLevel } } : undefined,
    });
    const clusters = [source];
    if (phase) {
      clusters.push(
        make(NEW_NAME, IMAGE, {
          members: this.members.after,
          durability: 'sync',
          upgradeFrom: phase === 'over' ? undefined : { source, phase },
        }),
      );
    }
    const env = clusters.map((cluster) => {
      const entries = Object.entries(cluster.connectionEnv(NAME)).map(([name, { value, valueFrom }]) => ({ name, value, valueFrom }));
      return [cluster.node.id, entries];
    });
    return { objects: Testing.synth(chart), env: Object.fromEntries(env) };
  }
}
