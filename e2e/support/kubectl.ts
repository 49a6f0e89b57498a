import { type Ended, output, run } from './run';

/** A Kubernetes object as JSON, with the fields that the tests read. */
// biome-ignore lint/suspicious/noExplicitAny: objects of every kind, as the API server returns them
export type Json = any;

/** kubectl in one namespace, with the KUBECONFIG of the environment. */
export class Kubectl {
  constructor(public readonly namespace: string) {}

  /** Runs kubectl; throws when it fails. */
  public run(args: readonly string[], input?: string, timeout = 60): Promise<string> {
    return output('kubectl', ['-n', this.namespace, ...args], { input, timeout });
  }

  /** Runs kubectl and returns how it ended. */
  public attempt(args: readonly string[], input?: string, timeout = 60): Promise<Ended> {
    return run('kubectl', ['-n', this.namespace, ...args], { input, timeout });
  }

  public async get(...what: string[]): Promise<Json> {
    return JSON.parse(await this.run(['get', ...what, '-o', 'json'], undefined, 20));
  }

  /** Server-side, as Argo CD and Flux do; a field that someone else owns is an error, never taken over. */
  public apply(objects: readonly Json[]): Promise<string> {
    return this.run(['apply', '--server-side', '--field-manager=e2e', '-f', '-'], list(objects));
  }

  /** What an apply would change; empty when nothing. */
  public async diff(objects: readonly Json[]): Promise<string> {
    const args = ['diff', '--server-side', '--field-manager=e2e', '-f', '-'];
    const ended = await this.attempt(args, list(objects));
    if (ended.code > 1) throw new Error(`kubectl diff: ${ended.stderr}`);
    return ended.code === 0 ? '' : ended.stdout || 'exit code 1';
  }

  /** Runs a program in a container. */
  public exec(pod: string, container: string, command: readonly string[], timeout = 15): Promise<string> {
    return this.run(['exec', pod, '-c', container, '--', ...command], undefined, timeout);
  }
}

/** Refuses to begin on a cluster that something has left broken: its figures would mean nothing. */
export async function requireReadyNodes(): Promise<void> {
  const { items } = await new Kubectl('default').get('nodes');
  const isReady = (node: Json) => node.status.conditions.some((c: Json) => c.type === 'Ready' && c.status === 'True');
  const unready = items.filter((node: Json) => !isReady(node)).map((node: Json) => node.metadata.name);
  if (unready.length > 0) throw new Error(`nodes that are not Ready: ${unready.join(', ')}; mend them first`);
}

/** A namespace that takes only pods of the restricted standard. An earlier one of that name goes first. */
export async function createNamespace(name: string): Promise<Kubectl> {
  const kubectl = new Kubectl(name);
  await kubectl.run(['delete', 'namespace', name, '--ignore-not-found', '--wait'], undefined, 180);
  await kubectl.apply([
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    },
  ]);
  return kubectl;
}

/** Removes a namespace without waiting for the grace periods of its pods. */
export async function deleteNamespace(kubectl: Kubectl): Promise<void> {
  const { namespace } = kubectl;
  await kubectl.attempt(['delete', 'statefulset', '--all', '--wait=false', '--cascade=orphan']);
  await kubectl.attempt(['delete', 'pods', '--all', '--grace-period=1', '--wait=false']);
  await kubectl.attempt(['delete', 'namespace', namespace, '--wait=false', '--ignore-not-found']);
}

const list = (items: readonly Json[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
