import { Chart, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { type ConnectionOptions, type Dcs, type Durability, HaPostgres, type HaPostgresProps, type Peer, SecretKey } from '../../lib';
import { Database } from './database';
import { IMAGE, imageOf, PREFIX } from './environment';
import { createNamespace, type Json, type Kubectl } from './kubectl';
import { inAnyOrder } from './shuffle';
import { prepareWriters, type WriterTarget } from './writer';

/** Name of the HaPostgres under test, in every namespace. */
export const NAME = 'orders';
/** Labels of the pods that `allowFrom` admits. */
export const CLIENT = { 'e2e-client': 'allowed' };

/** Labels of the members' pods. */
export const MEMBERS = { 'app.kubernetes.io/instance': NAME, 'app.kubernetes.io/component': 'database' };

/** The Secret that every cluster here, and the example, refers to. */
export function passwords(): Json {
  const keys = ['superuser', 'replication', 'rewind', 'restapi', NAME];
  const stringData = Object.fromEntries(keys.map((key) => [key, `${key}-of-a-test`]));
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'orders-postgres' }, stringData };
}

/** What is different from one cluster under test to the next. */
export interface SubjectOptions {
  /** Last part of the namespace's name. */
  readonly label: string;
  /** Image, as `repository:tag`. @default - environment.ts */
  readonly image?: string;
  /** @default - none */
  readonly props?: Partial<HaPostgresProps>;
  /** Role that the writers log in with, to database `orders`. @default 'orders' */
  readonly writer?: string;
  /** Labels of the members' pods. @default MEMBERS */
  readonly members?: Record<string, string>;
  /** Who may connect besides CLIENT. @default - nobody */
  readonly clients?: readonly Peer[];
}

/** What comes out of synth. */
interface Synthesized {
  readonly objects: Json[];
  readonly env: (options?: ConnectionOptions) => Json[];
}

/** A cluster under test, with all that the tests do to it. */
export class Subject implements WriterTarget {
  /** Synthesizes it and makes its namespace and its passwords; nothing else is applied yet. */
  public static async create(options: SubjectOptions): Promise<Subject> {
    const kubectl = await createNamespace(`${PREFIX}-${options.label}`);
    await kubectl.apply([passwords()]);
    return new Subject(kubectl, options);
  }

  public readonly database: Database;
  public readonly image: string;
  public readonly clientLabels = CLIENT;
  public readonly label: string;
  public readonly synchronous: boolean;
  public readonly dcs: Dcs;
  public readonly durability: Durability;
  /** How many members the last apply asked for. */
  public members = 3;
  private readonly clients: readonly Peer[];
  private readonly writer: string;
  private props: Partial<HaPostgresProps>;
  private synthesized: Synthesized;

  private constructor(
    public readonly kubectl: Kubectl,
    options: SubjectOptions,
  ) {
    this.label = options.label;
    this.image = options.image ?? IMAGE;
    this.clients = [{ podLabels: CLIENT }, ...(options.clients ?? [])];
    this.writer = options.writer ?? NAME;
    this.props = options.props ?? {};
    this.durability = this.props.durability ?? 'async';
    this.synchronous = this.durability !== 'async';
    this.dcs = this.props.dcs ?? 'endpoints';
    this.database = new Database(kubectl, NAME, options.members ?? MEMBERS, this.synchronous);
    this.synthesized = this.synth();
  }

  /** The synthesized objects. */
  public objects(): Json[] {
    return this.synthesized.objects;
  }

  public get env(): Json[] {
    return this.connection();
  }

  /** Environment of a client's container. */
  public connection(options?: ConnectionOptions): Json[] {
    return this.synthesized.env(options);
  }

  /** Applies the objects, after a change of some props. */
  public async apply(change: Partial<HaPostgresProps> = {}): Promise<void> {
    this.props = { ...this.props, ...change };
    this.synthesized = this.synth();
    this.members = this.props.members ?? 3;
    await this.kubectl.apply(inAnyOrder(this.objects()));
  }

  public healthy(seconds: number) {
    return this.database.healthy(this.members, seconds);
  }

  public prepareWriters(): Promise<void> {
    return prepareWriters(this);
  }

  private synth(): Synthesized {
    const chart = new Chart(Testing.app(), 'e2e', { namespace: this.kubectl.namespace });
    const postgres = new HaPostgres(chart, NAME, { ...standard(this.image), ...this.props });
    for (const client of this.clients) postgres.allowFrom(client);
    const env = (options?: ConnectionOptions) =>
      Object.entries(postgres.connectionEnv(this.writer, { database: NAME, ...options })).map(([name, { value, valueFrom }]) => ({
        name,
        value,
        valueFrom,
      }));
    return { objects: Testing.synth(chart), env };
  }
}

/** As the twenty lines of the README, small enough for three clusters on a machine of two cores. */
export function standard(image: string): HaPostgresProps {
  const password = (key: string) => ({ password: SecretKey.of('orders-postgres', key) });
  return {
    image: imageOf(image),
    credentials: { superuser: password('superuser'), replication: password('replication'), rewind: password('rewind') },
    roles: [{ name: NAME, ...password(NAME) }],
    databases: [{ name: NAME, owner: NAME }],
    storage: { size: Size.gibibytes(1) },
    resources: { cpu: { request: kplus.Cpu.millis(100) }, memory: { request: Size.mebibytes(512), limit: Size.mebibytes(512) } },
  };
}
