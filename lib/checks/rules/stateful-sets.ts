import { at, fields, list, text, texts } from '../manifests/look';
import type { Manifest } from '../manifests/manifests';
import { listed } from '../manifests/words';
import type { Found, Rule } from '../rule';

/** Labels that change with a release, a move or the tool: a selector or claim template that has one is refused at the next change. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/^(?:helm\.sh\/chart|chart)$/, 'changes with every version of the chart'],
  [/^app\.kubernetes\.io\/version$/, 'changes with every version'],
  [
    /^(?:argocd\.argoproj\.io\/instance|(?:kustomize|helm)\.toolkit\.fluxcd\.io\/name(?:space)?)$/,
    'is how a GitOps tool marks what is its own',
  ],
  [
    /^(?:pod-template-hash|controller-revision-hash|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index)$/,
    'is written by a controller',
  ],
  [/(?:^|[./-])(?:checksum|hash|commit|git-?sha|sha256)(?:[./-]|$)/, 'changes with the content'],
  [/^cdk8s\.io\/metadata\.addr$/, 'is a hash of the path of the construct, and changes when that moves'],
];

/** STS-4: what is immutable holds nothing that changes. */
export const immutableLabels: Rule = {
  id: 'STS-4',
  severity: 'error',
  title: "selectors and claim templates hold no label that changes or is a tool's own",
  runs: ['synth', 'check'],
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#components, argo-cd#3050, argo-cd#4242',
  *find(manifests) {
    for (const manifest of manifests.ofKind('StatefulSet', 'Deployment', 'DaemonSet')) {
      yield* changing(manifest, texts(manifest.object, 'spec', 'selector', 'matchLabels'), 'spec.selector.matchLabels');
      if (manifest.kind !== 'StatefulSet') continue;
      for (const [index, template] of list(manifest.object, 'spec', 'volumeClaimTemplates').entries()) {
        for (const part of ['labels', 'annotations']) {
          yield* changing(manifest, texts(template, 'metadata', part), `spec.volumeClaimTemplates[${index}].metadata.${part}`);
        }
      }
    }
  },
};

function* changing(manifest: Manifest, labels: Readonly<Record<string, string>>, path: string): Iterable<Found> {
  for (const key of Object.keys(labels)) {
    const why = CHANGING.find(([form]) => form.test(key))?.[1];
    if (!why) continue;
    const address = key === 'cdk8s.io/metadata.addr'; // all that cdk8s-plus makes has it, and works until it is moved
    const message = `${key} ${why}, and nothing in ${path.replace(/\[\d+\].*/, '')} can be changed`;
    yield { manifest, field: `${path}['${key}']`, message, fix: FIX, ...(address && { severity: 'warning' as const }) };
  }
}

const FIX = 'leave only labels there that stay for ever: app.kubernetes.io/name, instance and component';

/** Systems whose members get ready only together: one that waits for its turn would wait for ever. By name of image or label. */
const PEERS =
  /^(?:patroni|spilo(?:-\d+)?|ha-postgres|tdengine|couchdb|etcd|cockroach(?:db)?|consul|rabbitmq|nats(?:-server)?|elasticsearch|opensearch)$/;

/** STS-5: how a set starts and what becomes of its volumes is decided, not left to a default. */
export const setDecisions: Rule = {
  id: 'STS-5',
  severity: 'warning',
  title: "members that need each other start in parallel, and what becomes of a set's volumes is written down",
  runs: ['synth', 'check'],
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#parallel-pod-management, kubernetes#67250, KEP-1847',
  *find(manifests) {
    for (const manifest of manifests.ofKind('StatefulSet')) {
      yield* order(manifest);
      if (list(manifest.object, 'spec', 'volumeClaimTemplates').length > 0) yield* retention(manifest);
    }
  },
};

function* order(manifest: Manifest): Iterable<Found> {
  const replicas = at(manifest.object, 'spec', 'replicas') ?? 1;
  const policy = text(manifest.object, 'spec', 'podManagementPolicy') ?? 'OrderedReady';
  const product = productOf(manifest);
  if (policy !== 'OrderedReady' || typeof replicas !== 'number' || replicas < 2 || product === undefined) return;
  const message = `members of ${product} need each other to get ready, and OrderedReady starts each only when the one before it is`;
  const fix = 'set podManagementPolicy: Parallel (of a set that runs it is immutable: delete that with --cascade=orphan first)';
  yield { manifest, field: 'spec.podManagementPolicy', message, fix };
}

function productOf({ pod }: Manifest): string | undefined {
  const images = (pod?.containers ?? []).filter(({ role }) => role === 'main').map(({ spec }) => text(spec, 'image') ?? '');
  const names = images.map((image) => image.split('/').at(-1)?.split(/[:@]/)[0] ?? '');
  return [pod?.labels['app.kubernetes.io/name'] ?? '', ...names].find((name) => PEERS.test(name));
}

function* retention(manifest: Manifest): Iterable<Found> {
  const policy = fields(manifest.object, 'spec', 'persistentVolumeClaimRetentionPolicy');
  const field = 'spec.persistentVolumeClaimRetentionPolicy';
  const deletes = ['whenDeleted', 'whenScaled'].filter((when) => policy[when] === 'Delete');
  if (deletes.length > 0) {
    const message = `${listed(deletes)}: Delete removes the volumes with their pods`;
    yield { manifest, field, message, fix: 'set both to Retain, and delete claims by hand' };
  } else if (policy.whenDeleted === undefined || policy.whenScaled === undefined) {
    const message = 'it is not said whether the volumes stay when the set is deleted or gets smaller';
    yield { manifest, field, message, fix: 'set persistentVolumeClaimRetentionPolicy: {whenDeleted: Retain, whenScaled: Retain}' };
  }
}
