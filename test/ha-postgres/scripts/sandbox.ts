import { type ChildProcess, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const SCRIPTS = join(__dirname, '../../../lib/ha-postgres/scripts');

/**
 * Writes down how it was called, and answers with the file `answers/<METHOD>.<path>`, of another member `<METHOD>.<host>.<path>`; none:
 * as curl says for an HTTP error, which is also what is said to a wrong password where there is a file `password`.
 */
const CURL = `#!/usr/bin/env bash
method=GET data= urls=() config=/dev/null each= to=
while [ $# -gt 0 ]; do
  case $1 in
    -X) method=$2; shift ;;
    -d) data=$2; shift ;;
    -K) config=$2; shift ;;
    -w) [ "$2" = '%{http_code}' ] || each=1; shift ;;
    --connect-to) to=\${2#::}; shift ;;
    -o | -H | --max-time | --cacert) shift ;;
    -*) ;;
    *) urls+=("$1") ;;
  esac
  shift
done
ask() {
  local url=$1 scheme=\${1%%:*} host name text code=200
  host=\${url#http*://} && host=\${to:-$host} && host=\${host%%:*}
  [ "$host" != 127.0.0.1 ] || host=
  name=$method.\${host:+$host.}\${url##*/}
  printf '%s %s/%s %s\\n' "$method" "$host" "\${url##*/}" "\${data//$'\\n'/}" >>"$SANDBOX/curl.log"
  printf '%s %s %s\\n' "$name" "$scheme" "$(<"$config")" >>"$SANDBOX/curl.config"
  [ ! -e "$SANDBOX/password" ] || [ "$method" = GET ] || [ "$(<"$config")" = 'user = "patroni:'"$(<"$SANDBOX/password")"'"' ] || return 22
  [ -e "$SANDBOX/answers/$name" ] || return 22
  printf '%s' "$(<"$SANDBOX/answers/$name")"
}
[ -n "$each" ] || { ask "\${urls[0]}"; exit; }
for url in "\${urls[@]}"; do # body and status, as -w asks
  if text=$(ask "$url"); then
    case $text in [1-5][0-9][0-9]) code=$text ;; *) code=200 ;; esac
  else
    text= code=404
  fi
  printf '%s\\n%s\\n' "$text" "$code"
done
`;

/**
 * Writes down arguments and environment, and input but what is asked for a password; fails where there is a file `answers/psql.fails`.
 * A login with a password fails but where there is a file `answers/login`.
 */
const PSQL = `#!/usr/bin/env bash
case $1 in -w*) printf '%s\\n' "$*" "$(<"$PGPASSFILE")" >>"$SANDBOX/psql.logins"; [ -s "$PGPASSFILE" ] && [ -e "$SANDBOX/answers/login" ]; exit ;; esac
{ printf '%s\\n' "$*" "PGOPTIONS=\${PGOPTIONS:-}"; } >>"$SANDBOX/psql.log"
declare -x >>"$SANDBOX/psql.env"
case " $* " in
  *'\\password'*) printf '%s\\n' "$*" "$(cat)" >>"$SANDBOX/psql.asked" ;;
  *" -f "* | *" -c "*) ;;
  *) cat >>"$SANDBOX/psql.stdin" ;;
esac
[ ! -e "$SANDBOX/answers/psql.fails" ]
`;

/** What the default image sets in every container, for scripts of its own; as found in copies of its Dockerfile. */
const IMAGE = {
  PGROOT: '/home/postgres',
  PGLOG: '/home/postgres/pg_log',
  PGSOCKET: '/home/postgres/pgdata',
  BACKUPROOT: '/home/postgres/pgdata/backup',
  PGBACKREST_CONFIG: '/home/postgres/pgdata/backup/pgbackrest.conf',
  PGBACKREST_STANZA: 'poddb',
};

const PATRONI = `#!/usr/bin/env bash
echo "patroni $*"
`;

/** A pod's files in a temporary folder: Git's, the Secrets', Patroni's; and programs that only write down how they were called. */
export class Sandbox {
  public readonly folder = mkdtempSync(join(tmpdir(), 'scripts-test-'));
  private children: ChildProcess[] = [];

  constructor() {
    for (const name of ['bin', 'answers', 'git', 'secrets/roles']) mkdirSync(join(this.folder, name), { recursive: true });
    for (const [name, text] of Object.entries({ curl: CURL, psql: PSQL, patroni: PATRONI })) this.write(`bin/${name}`, text, 0o755);
    this.write('account/token', 'token');
    this.write('account/namespace', 'shop');
    this.write('git/patroni.yaml', 'scope: orders\n');
    this.write('git/dynamic.json', '{\n  "ttl": 30,\n  "loop_wait": 10\n}\n');
    this.write('git/cluster.json', '{"members": 3, "restartWhenPending": false, "tablespaces": [], "extensions": {}}\n');
    this.write('git/roles.json', '{"roles": [{"name": "orders"}], "databases": []}\n');
    for (const name of ['superuser', 'replication', 'rewind', 'roles/orders']) this.write(`secrets/${name}`, `secret of ${name}`);
  }

  public remove(): void {
    for (const { pid } of this.children) killGroup(pid); // whatever they started as well
    rmSync(this.folder, { recursive: true });
  }

  public path(name: string): string {
    return join(this.folder, name);
  }

  public write(name: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text, { mode });
  }

  /** Content of a file, or nothing. */
  public read(name: string): string {
    return existsSync(this.path(name)) ? readFileSync(this.path(name), 'utf8') : '';
  }

  public lines(name: string): string[] {
    return this.read(name).split('\n').filter(Boolean);
  }

  /** What the REST API answers to a request. */
  public answer(request: string, text: string): void {
    this.write(`answers/${request}`, text);
  }

  /** Removes a file, e.g. an answer. */
  public drop(name: string): void {
    rmSync(this.path(name), { recursive: true });
  }

  /** Takes the program of that name as it is on this machine. */
  public useReal(name: string): void {
    this.drop(`bin/${name}`);
  }

  public run(script: string, args: string[] = [], env: Record<string, string> = {}): SpawnSyncReturns<string> {
    return spawnSync('bash', [join(SCRIPTS, script), ...args], { env: this.environment(env), encoding: 'utf8', timeout: 20_000 });
  }

  /** What it says goes to the file `said`. */
  public start(script: string, env: Record<string, string> = {}, args: string[] = [], shell = 'bash'): ChildProcess {
    const said = openSync(this.path('said'), 'a');
    const child = spawn(shell, [join(SCRIPTS, script), ...args], {
      env: this.environment(env),
      stdio: ['ignore', said, said],
      detached: true,
    });
    closeSync(said);
    this.children.push(child);
    return child;
  }

  private environment(env: Record<string, string>): NodeJS.ProcessEnv {
    return {
      PATH: `${this.path('bin')}:${process.env.PATH}`,
      ...IMAGE,
      SANDBOX: this.folder,
      GIT_CONFIG_DIR: this.path('git'),
      TLS_FOLDER: this.path('tls'),
      CREDENTIALS_DIR: this.path('secrets'),
      PATRONI_CONFIG_DIR: this.path('patroni'),
      PGDATA: this.path('data'),
      SOCKET_FOLDER: this.folder,
      PATRONI_NAME: 'orders-1',
      POD_REVISION: 'new',
      PATRONI_KUBERNETES_POD_IP: '10.0.0.1',
      PKGLIBDIR: this.path('lib'),
      TABLESPACES: this.path('tablespaces'),
      LEADER: '127.0.0.1/1', // nobody
      KUBERNETES_API: 'http://127.0.0.1:6443',
      SERVICE_ACCOUNT_DIR: this.path('account'),
      PATRONI_STATE: 'endpoints/orders-config',
      ...env,
    };
  }
}

/** Fails plainly where a program that the pods have is missing here. */
export function requirePrograms(...names: string[]): void {
  for (const name of names) {
    if (spawnSync(name, ['--version']).error) throw new Error(`the scripts of the pods are run here, and need ${name}: please install it`);
  }
}

/** Waits until something is true. */
export async function until(what: string, done: () => boolean, seconds = 10): Promise<void> {
  for (let i = 0; i < 20 * seconds; i++) {
    if (done()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited ${seconds} seconds for: ${what}`);
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL');
  } catch {} // it has ended
}
