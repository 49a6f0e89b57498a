import { type CheckOptions, checkManifests, type Finding } from '../../lib/checks';

/** A pod template that no rule finds anything wrong with, beside what a test changes. */
export function podTemplate(container: object = {}, spec: object = {}): object {
  const base = {
    name: 'app',
    image: `registry.example/app:1.2.3@sha256:${'a'.repeat(64)}`,
    resources: {
      requests: { cpu: '100m', memory: '128Mi', 'ephemeral-storage': '64Mi' },
      limits: { memory: '128Mi', 'ephemeral-storage': '64Mi' },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
  return {
    metadata: { labels: { 'app.kubernetes.io/name': 'app', 'app.kubernetes.io/instance': 'shop' } },
    spec: { automountServiceAccountToken: false, containers: [{ ...base, ...container }], ...spec },
  };
}

/** A Deployment around it. */
export function deployment(container: object = {}, spec: object = {}, rest: object = {}): object {
  const template = podTemplate(container, spec) as { metadata: { labels: object } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'app', namespace: 'shop' },
    spec: { replicas: 1, selector: { matchLabels: template.metadata.labels }, template },
    ...rest,
  };
}

/** What one rule finds. */
export function findings(rule: string, objects: readonly unknown[], options: CheckOptions = {}): Finding[] {
  return checkManifests(objects, options).filter((finding) => finding.rule === rule);
}

/** A copy with something else in the place of one of its values, which the number chooses. */
export function replaced<T extends object>(original: T, where: number, value: unknown): T {
  const copy = structuredClone(original);
  const places: [Record<string, unknown>, string][] = [];
  (function walk(node: object) {
    for (const [key, inner] of Object.entries(node)) {
      places.push([node as Record<string, unknown>, key]);
      if (typeof inner === 'object' && inner !== null) walk(inner);
    }
  })(copy);
  const [node, key] = places[where % places.length] as [Record<string, unknown>, string];
  node[key] = value;
  return copy;
}
