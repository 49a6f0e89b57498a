import type { IConstruct } from 'constructs';
import { ConstructError, Image } from '../platform';

/**
 * The one table of versions: which image runs which PostgreSQL where the user names none.
 *
 * Tags are the vendor's most specific ones, seen in public Dockerfiles and compose files on GitHub (2026-11). The vendor
 * rebuilds and moves even these, so synth warns until a digest is given; none can be looked up offline, and none is invented.
 */
const DEFAULT_TAGS: Record<number, string> = {
  17: 'pg17.10-ts2.28.2',
};

/**
 * postgres_exporter beside the members, where the user names none: the newest tag seen in public Go sources and compose
 * files on GitHub (2026-11), and the last but unreleased in the project's own CHANGELOG.
 */
export const EXPORTER_IMAGE = Image.of('quay.io/prometheuscommunity/postgres-exporter', { tag: 'v0.20.1' });

/** Its tags are overwritten by every rebuild: a pod that moves to another node may get another PostgreSQL, unless a digest is given. */
export const REPOSITORY = 'timescale/timescaledb-ha';

/** Majors of PostgreSQL that the construct knows. */
export const POSTGRES_VERSIONS = { min: 13, max: 18, default: 17 };

/** The default image for a major version of PostgreSQL, if there is one. */
export function defaultImage(postgresVersion: number): Image | undefined {
  const tag = DEFAULT_TAGS[postgresVersion];
  return tag === undefined ? undefined : Image.of(REPOSITORY, { tag });
}

/** `major.minor` of Patroni or Kubernetes, comparable. */
export class MinorVersion {
  /** Undefined where the text is no `major.minor[.patch]`. */
  public static parse(text: string): MinorVersion | undefined {
    const match = /^v?(\d+)\.(\d+)(\.\d+)?$/.exec(text);
    return match ? new MinorVersion(Number(match[1]), Number(match[2])) : undefined;
  }

  private constructor(
    private readonly major: number,
    private readonly minor: number,
  ) {}

  public atLeast(major: number, minor: number): boolean {
    return this.major > major || (this.major === major && this.minor >= minor);
  }
}

/** Throws for what is no version, or an older one. */
export function parseVersion(scope: IConstruct, prop: string, text: string, major: number, minor: number): MinorVersion {
  const version = MinorVersion.parse(text);
  if (version?.atLeast(major, minor)) return version;
  throw new ConstructError('VersionUnknown', scope, prop, text, `a version as '${major}.${minor}', no older than that`);
}
