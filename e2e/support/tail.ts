import { type ChildProcess, spawn } from 'node:child_process';

/**
 * The last lines of a pod's log as they come. One process for each pod: asking again and again would take the processor
 * from the database that is measured.
 */
export class Tail {
  private child?: ChildProcess;
  private rest = '';
  private recent: { at: number; line: string }[] = [];

  constructor(
    private readonly namespace: string,
    private readonly pod: string,
  ) {}

  /** The last ten lines, with the time of arrival in milliseconds; follows the log from now on if it did not. */
  public lines(): readonly { at: number; line: string }[] {
    if (!this.child) this.follow();
    return this.recent;
  }

  public stop(): void {
    this.child?.kill('SIGKILL');
  }

  private follow(): void {
    const child = spawn('kubectl', ['-n', this.namespace, 'logs', '-f', '--tail=10', this.pod], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.child = child;
    child.stdout.on('data', (chunk) => this.take(String(chunk)));
    child.on('close', () => {
      this.child = undefined; // the API server or the node is away, or the container has not started: the next look tries again
    });
    child.on('error', () => undefined);
  }

  private take(chunk: string): void {
    const lines = (this.rest + chunk).split('\n');
    this.rest = lines.pop() ?? '';
    const at = Date.now();
    this.recent = [...this.recent, ...lines.map((line) => ({ at, line }))].slice(-10);
  }
}
