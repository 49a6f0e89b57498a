import { spawn } from 'node:child_process';

/** What a program said and how it ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a program. */
export interface RunOptions {
  /** Text for its standard input. @default - none */
  readonly input?: string;
  /** Seconds until it is killed. @default 60 */
  readonly timeout?: number;
  /** Folder to run in. @default - this process's */
  readonly cwd?: string;
}

/** Runs a program to its end, without a shell. Never throws for an exit code. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: options.cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const timer = setTimeout(() => child.kill('SIGKILL'), (options.timeout ?? 60) * 1000);
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => err.push(chunk));
    child.stdin.on('error', () => undefined); // it may end before it has read everything
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 137, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
    child.stdin.end(options.input ?? '');
  });
}

/** Runs a program that must succeed, and returns what it printed. */
export async function output(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const ended = await run(program, args, options);
  if (ended.code !== 0) throw new Error(`${program} ${args.join(' ')}: exit ${ended.code}\n${ended.stderr}${ended.stdout}`);
  return ended.stdout;
}
