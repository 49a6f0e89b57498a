import { type ChildProcess, spawn } from 'node:child_process';
import type { Kubectl } from './kubectl';

/** A line and the time of its arrival, in seconds since 1970. */
export interface Line {
  readonly at: number;
  readonly text: string;
}

/** All that a kubectl which goes on (`get --watch`, `logs --follow`, `exec`) prints, line by line. */
export class Stream {
  public readonly lines: Line[] = [];
  private readonly child: ChildProcess;
  private rest = '';
  private complaint = '';

  constructor({ namespace }: Kubectl, args: readonly string[]) {
    this.child = spawn('kubectl', ['-n', namespace, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.on('data', (chunk) => this.take(String(chunk)));
    this.child.stderr?.on('data', (chunk) => {
      this.complaint += chunk;
    });
    this.child.on('error', (error) => {
      this.complaint += error;
    });
  }

  public get text(): string {
    return this.lines.map(({ text }) => text).join('\n');
  }

  /** Ends it. One that had ended before has not seen everything: an error. */
  public stop(): void {
    const { exitCode, spawnargs } = this.child;
    this.child.kill('SIGKILL');
    if (exitCode !== null) throw new Error(`${spawnargs.join(' ')}: ended too early, ${exitCode}: ${this.complaint}`);
  }

  /** Waits until it ends by itself, as `logs --follow` does with the container; then all lines are there. */
  public async ended(seconds: number): Promise<void> {
    const timer = setTimeout(() => this.child.kill('SIGKILL'), seconds * 1000);
    if (this.child.exitCode === null && this.child.signalCode === null) await new Promise((resolve) => this.child.once('close', resolve));
    clearTimeout(timer);
    if (this.child.exitCode !== 0) throw new Error(`${this.child.spawnargs.join(' ')}: ${this.child.exitCode} ${this.complaint}`);
  }

  private take(chunk: string): void {
    const texts = (this.rest + chunk).split('\n');
    this.rest = texts.pop() ?? '';
    const at = Date.now() / 1000;
    this.lines.push(...texts.map((text) => ({ at, text })));
  }
}
