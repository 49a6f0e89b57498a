import { fields, list, text } from '../manifests/look';
import type { Manifest, Manifests, PodTemplate } from '../manifests/manifests';
import { type NamedPorts, Ports, portKey, protocolOf } from './ports';
import { NAMESPACE_NAME, type Selection } from './selection';

type Labels = Readonly<Record<string, string>>;
type Owner = Manifest & { readonly pod: PodTemplate };

/** The pods that one object makes, or is. */
export interface Workload {
  /** The same in another tree. */
  readonly key: string;
  /** `Deployment shop/web`. */
  readonly title: string;
  readonly manifest: Owner;
  readonly namespace: string;
  /** With `*` at the end where the API server generates the rest. */
  readonly name: string;
  readonly labels: Labels;
  readonly namespaceLabels: Labels;
  /** They have their node's address: policies do not apply to them, and no selector finds them. */
  readonly onHostNetwork: boolean;
  readonly namedPorts: NamedPorts;
}

/** All pods of a tree, and which of them a selector finds. */
export class Pods {
  /** By key, in the order of the manifests. */
  public readonly workloads: ReadonlyMap<string, Workload>;
  private readonly labelsOfNamespaces: ReadonlyMap<string, Labels>;
  private readonly byNamespace = new Map<string, Neighbours>();
  private readonly found = new Map<string, ReadonlySet<Workload>>();

  constructor(manifests: Manifests) {
    this.labelsOfNamespaces = new Map(
      manifests.ofKind('Namespace').map(({ name, labels }) => [name, { ...labels, [NAMESPACE_NAME]: name }]),
    );
    const workloads = new Map<string, Workload>();
    for (const manifest of manifests.withPods) {
      const workload = this.workload(manifest, workloads);
      workloads.set(workload.key, workload);
      if (workload.onHostNetwork) continue;
      const neighbours = this.byNamespace.get(workload.namespace) ?? new Neighbours(workload.namespaceLabels);
      this.byNamespace.set(workload.namespace, neighbours.add(workload));
    }
    this.workloads = workloads;
  }

  /** Undefined where the namespace is not among the manifests: then only its name is known. */
  public readonly namespaceLabels = (namespace: string): Labels | undefined => this.labelsOfNamespaces.get(namespace);

  public selected(selection: Selection): ReadonlySet<Workload> {
    const known = this.found.get(selection.key);
    if (known) return known;
    const { namespace } = selection;
    const near =
      namespace === undefined ? [...this.byNamespace.values()] : [this.byNamespace.get(namespace)].filter((n) => n !== undefined);
    const result = new Set(near.flatMap((neighbours) => neighbours.selected(selection)));
    this.found.set(selection.key, result);
    return result;
  }

  private workload(manifest: Owner, others: ReadonlyMap<string, Workload>): Workload {
    const { namespace, pod, kind } = manifest;
    const name = manifest.name || `${text(manifest.object, 'metadata', 'generateName') ?? ''}*`;
    const identity = `${manifest.group}/${kind}/${namespace}/${name}`;
    let [key, count] = [identity, 1];
    while (others.has(key)) key = `${identity} ${++count}`;
    return {
      key,
      title: `${kind} ${namespace}/${name}${count > 1 ? ` (${count})` : ''}`,
      manifest,
      namespace,
      name: `${name}${count > 1 ? ` (${count})` : ''}`,
      labels: podLabels(manifest),
      namespaceLabels: this.namespaceLabels(namespace) ?? { [NAMESPACE_NAME]: namespace },
      onHostNetwork: pod.spec.hostNetwork === true,
      namedPorts: namedPorts(pod),
    };
  }
}

/** The workloads of one namespace, found by a label instead of one by one where a selector asks for its value. */
class Neighbours {
  private readonly all: Workload[] = [];
  private readonly byLabel = new Map<string, Workload[]>();

  constructor(private readonly labels: Labels) {}

  public add(workload: Workload): this {
    this.all.push(workload);
    for (const [label, value] of Object.entries(workload.labels)) {
      const same = this.byLabel.get(`${label}=${value}`);
      if (same) same.push(workload);
      else this.byLabel.set(`${label}=${value}`, [workload]);
    }
    return this;
  }

  public selected({ namespaces, pods }: Selection): Workload[] {
    if (!namespaces.matches(this.labels)) return [];
    const lists = pods.pairs.map((pair) => this.byLabel.get(pair) ?? []);
    const fewest = lists.reduce((least, some) => (some.length < least.length ? some : least), this.all);
    return fewest.filter(({ labels }) => pods.matches(labels));
  }
}

/** With those that a Job adds; what a controller adds to single pods (names, revisions) is not known before they run. */
function podLabels({ kind, name, pod }: Owner): Labels {
  return kind === 'Job' && name ? { 'job-name': name, 'batch.kubernetes.io/job-name': name, ...pod.labels } : pod.labels;
}

function namedPorts({ containers }: PodTemplate): NamedPorts {
  const result = new Map<string, Ports>();
  for (const entry of containers.filter(({ role }) => role !== 'init').flatMap(({ spec }) => list(spec, 'ports'))) {
    const { name, containerPort, protocol: value } = fields([entry], 0);
    const protocol = protocolOf(value);
    if (typeof name !== 'string' || typeof containerPort !== 'number' || !protocol) continue;
    const key = portKey({ protocol, name });
    result.set(key, Ports.range(protocol, containerPort).or(result.get(key) ?? Ports.NONE));
  }
  return result;
}
