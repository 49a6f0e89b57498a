import type * as kplus from 'cdk8s-plus-27';
import { Construct, type IConstruct } from 'constructs';
import type { Endpoint, Peer, SecretKey } from '../platform';
import { type ConnectionOptions, type ConnectionRole, connectionEnv } from './connection';
import type { Durability, Login } from './props';
import { validateAttributes } from './validation/attributes';

/** What a construct may ask of a PostgreSQL, whether this library runs it or somebody else does. */
export interface IPostgres extends IConstruct {
  /** Where to write. */
  readonly primary: Endpoint;
  /** Where to read what may be a little old, if there is such a place. */
  readonly replica?: Endpoint;
  /** Where to write on few server connections, if there is such a place. */
  readonly pooler?: IPooler;
  /** Namespace it runs in, if in this cluster and known. */
  readonly namespace?: string;
  /** Major version, if known. */
  readonly postgresVersion?: number;
  /** When a commit is acknowledged, if known. */
  readonly durability?: Durability;
  /** Whether clients may or must encrypt. */
  readonly tls: PostgresTls;
  /** Most connections at once, if known. */
  readonly maxConnections?: number;
  /** Its `wal_level`, if known: `logical` feeds a cluster that is to replace it. */
  readonly walLevel?: string;
  /** A role that may create roles and databases, if there is one to be had. */
  readonly administrator?: Login;
  /**
   * Environment of an application's container: libpq's own variables, and `PG_CONNINFO` for what has none.
   *
   * @param role one of its roles
   */
  connectionEnv(role: string, options?: ConnectionOptions): Record<string, kplus.EnvValue>;
  /** Lets a peer connect. */
  allowFrom(peer: Peer): void;
}

/** PgBouncer, or what speaks like it. */
export interface IPooler {
  readonly endpoint: Endpoint;
}

/** Encryption between clients and server. */
export interface PostgresTls {
  readonly mode: 'off' | 'allowed' | 'required';
  /** Certificate authority that clients verify the server by. @default - none is known */
  readonly authority?: SecretKey;
}

/** A PostgreSQL that exists already. */
export interface PostgresAttributes {
  readonly primary: Endpoint;
  /** @default - none */
  readonly replica?: Endpoint;
  /** @default - none */
  readonly pooler?: Endpoint;
  /** Roles that `connectionEnv` may be asked for. @default - none */
  readonly roles?: ConnectionRole[];
  /** @default - unknown */
  readonly postgresVersion?: number;
  /** @default - unknown */
  readonly durability?: Durability;
  /** @default - { mode: 'off' } */
  readonly tls?: PostgresTls;
  /** @default - unknown */
  readonly maxConnections?: number;
  /** @default - unknown */
  readonly walLevel?: string;
  /** @default - none */
  readonly administrator?: Login;
}

/** The reference to it. */
export class ExistingPostgres extends Construct implements IPostgres {
  public readonly primary: Endpoint;
  public readonly replica?: Endpoint;
  public readonly pooler?: IPooler;
  public readonly postgresVersion?: number;
  public readonly durability?: Durability;
  public readonly tls: PostgresTls;
  public readonly maxConnections?: number;
  public readonly walLevel?: string;
  public readonly administrator?: Login;
  private readonly roles: readonly ConnectionRole[];

  constructor(scope: Construct, id: string, attributes: PostgresAttributes) {
    super(scope, id);
    validateAttributes(this, attributes);
    const { primary, replica, pooler } = attributes;
    this.primary = primary;
    this.replica = replica;
    this.pooler = pooler && { endpoint: pooler };
    this.postgresVersion = attributes.postgresVersion;
    this.durability = attributes.durability;
    this.tls = attributes.tls ?? { mode: 'off' };
    this.maxConnections = attributes.maxConnections;
    this.walLevel = attributes.walLevel;
    this.administrator = attributes.administrator;
    this.roles = attributes.roles ?? [];
  }

  public connectionEnv(role: string, options: ConnectionOptions = {}): Record<string, kplus.EnvValue> {
    return connectionEnv(this, this.roles, role, options);
  }

  /** Nothing to do: whoever runs it decides who may connect. */
  public allowFrom(_peer: Peer): void {}
}
