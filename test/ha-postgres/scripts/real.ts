import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian puts the programs of PostgreSQL; the newest. */
const DEBIAN = '/usr/lib/postgresql';
const [major] = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];

export const POSTGRESQL = Number(major);
export const PROGRAMS = join(DEBIAN, `${major}`, 'bin');

/** Version of pgBackRest on this machine as `major.minor`, if there is one. */
export const PGBACKREST = /(\d+\.\d+)/.exec(spawnSync('pgbackrest', ['version'], { encoding: 'utf8' }).stdout ?? '')?.[1];

/** PostgreSQL refuses to run as root, and so may pgBackRest: 65534 is `nobody`. */
const OWNER = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

export interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

/** A folder in which the real programs run as a user that is not root. */
export class Machine {
  public readonly folder = mkdtempSync(join(tmpdir(), 'real-test-'));

  constructor() {
    chmodSync(this.folder, 0o755);
    this.give(this.folder);
  }

  public path(name: string): string {
    return join(this.folder, name);
  }

  /** A file, or with a `/` at the end a folder; its user may change it. */
  public write(name: string, text = ''): string {
    const parts = name.split('/');
    for (let i = 1; i < parts.length; i++) {
      const parent = this.path(parts.slice(0, i).join('/'));
      if (existsSync(parent)) continue;
      mkdirSync(parent, { mode: 0o700 });
      this.give(parent);
    }
    if (name.endsWith('/')) return this.path(name.slice(0, -1));
    writeFileSync(this.path(name), text, { mode: 0o640 });
    this.give(this.path(name));
    return this.path(name);
  }

  /** Runs it whatever comes of it; PostgreSQL's programs are found too. */
  public try(program: string, args: string[], env: Record<string, string> = {}): Outcome {
    const path = `${PROGRAMS}:${process.env.PATH}`;
    const options = { ...OWNER, cwd: this.folder, env: { PATH: path, LC_ALL: 'C', ...env }, timeout: 120_000 } as const;
    const { status, stdout, stderr, error } = spawnSync(program, args, { ...options, encoding: 'utf8' });
    return { status, output: `${error ?? ''}${stdout}${stderr}` };
  }

  /** Runs it, and throws what it said if it fails. */
  public run(program: string, args: string[], env: Record<string, string> = {}): string {
    const { status, output } = this.try(program, args, env);
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${status}\n${output}`);
    return output.trim();
  }

  /** Starts a server on data that is there, with these settings; its socket is in the machine's folder. */
  public start(data: string, settings: Record<string, string> = {}): void {
    const all = { listen_addresses: '', unix_socket_directories: this.folder, fsync: 'off', ...settings };
    const options = Object.entries(all).map(([name, value]) => `-c ${name}='${value}'`);
    const log = this.path(`${data}.log`);
    writeFileSync(log, '', { flag: 'a', mode: 0o666 });
    this.give(log);
    // Not through a pipe, which the server would keep open.
    this.run('bash', ['-c', 'pg_ctl start -w -t 110 -s -D "$1" -l "$2" -o "$3" >>"$2" 2>&1', '-', this.path(data), log, options.join(' ')]);
  }

  public stop(data: string): void {
    this.try('pg_ctl', ['stop', '-s', '-m', 'immediate', '-D', this.path(data)]);
  }

  /** @param socket folder of the server's socket, below the machine's */
  public query(sql: string, socket = ''): string {
    return this.run('psql', ['-qXAt', '-v', 'ON_ERROR_STOP=1', '-h', this.path(socket), '-U', 'postgres', '-d', 'postgres', '-c', sql]);
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private give(path: string): void {
    if (OWNER.uid !== undefined) chownSync(path, OWNER.uid, OWNER.gid);
  }
}
