import { manifestsOf } from '../../../lib/checks/check';
import { Connections, connectionText } from '../../../lib/checks/connections';
import type { Manifests } from '../../../lib/checks/manifests/manifests';
import { settingsOf } from '../../../lib/checks/settings';

export function manifests(objects: readonly unknown[]): Manifests {
  return manifestsOf(objects, settingsOf({}));
}

/** `Deployment shop/<name>` with the label `app: <name>`, and a port `http` of 8080. */
export function app(
  name: string,
  { namespace = 'shop', labels = {}, spec = {}, ports = [{ name: 'http', containerPort: 8080 }] as unknown } = {},
): object {
  const template = { metadata: { labels: { app: name, ...labels } }, spec: { containers: [{ name: 'main', ports }], ...spec } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec: { template } };
}

/** A NetworkPolicy of namespace `shop` for the pods with the label `app: <name>`; for all of them without one. */
export function policy(name: string | undefined, spec: object, namespace = 'shop'): object {
  const podSelector = name === undefined ? {} : { matchLabels: { app: name } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'policy', namespace },
    spec: { podSelector, ...spec },
  };
}

export function namespace(name: string, labels: object = {}): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** A peer: pods with the label `app: <name>` of the policy's own namespace, or of those selected. */
export function pods(name: string, namespaceSelector?: object): object {
  return { podSelector: { matchLabels: { app: name } }, ...(namespaceSelector && { namespaceSelector }) };
}

export const inNamespace = (name: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });

/** Every line of what is allowed. */
export function lines(objects: readonly unknown[]): string[] {
  return new Connections(manifests(objects)).all.map(connectionText);
}

/** The ports on which one Deployment of namespace `shop` reaches another. */
export function between(objects: readonly unknown[], from = 'web', to = 'db'): string {
  const connections = new Connections(manifests(objects));
  const workload = (name: string) => [...connections.pods.workloads.values()].find(({ manifest }) => manifest.name === name);
  const [source, target] = [workload(from), workload(to)];
  if (!source || !target) throw new Error(`${from} or ${to} is not there`);
  return `${connections.between(source, target)}`;
}
