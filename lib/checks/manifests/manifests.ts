import type { Origin } from '../finding';
import { at, type Fields, fields, isFields, list, text, texts } from './look';

/** A container of a pod template, wherever it is declared. */
export interface Container {
  readonly name: string;
  /** Path in the object, e.g. `spec.template.spec.containers[0]`. */
  readonly path: string;
  readonly spec: Fields;
  /** `init` ends before the others start; `sidecar` is an init container that goes on. */
  readonly role: 'main' | 'init' | 'sidecar';
}

/** The pods that an object makes, or is. */
export interface PodTemplate {
  /** Path of the template in the object, e.g. `spec.template`; empty for a Pod. */
  readonly path: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Fields;
  readonly containers: readonly Container[];
}

/** One object with what is asked of it again and again. */
export class Manifest {
  public readonly apiVersion: string;
  /** Of `apps/v1` it is `apps`; of `v1` it is empty. */
  public readonly group: string;
  public readonly kind: string;
  public readonly name: string;
  /** Where it is applied; empty for what belongs to the whole cluster. */
  public readonly namespace: string;
  public readonly labels: Readonly<Record<string, string>>;
  public readonly annotations: Readonly<Record<string, string>>;
  /** None where the object makes no pods. */
  public readonly pod: PodTemplate | undefined;

  constructor(
    public readonly object: Fields,
    public readonly origin: Origin,
    defaultNamespace: string,
    /** It belongs to no namespace. */
    public readonly clusterScoped: boolean,
  ) {
    this.apiVersion = text(object, 'apiVersion') ?? '';
    this.group = this.apiVersion.includes('/') ? (this.apiVersion.split('/')[0] ?? '') : '';
    this.kind = text(object, 'kind') ?? '';
    this.name = text(object, 'metadata', 'name') ?? '';
    this.namespace = clusterScoped ? '' : (text(object, 'metadata', 'namespace') ?? defaultNamespace);
    this.labels = texts(object, 'metadata', 'labels');
    this.annotations = texts(object, 'metadata', 'annotations');
    this.pod = podTemplate(this);
  }

  /** Two objects with the same identity are one for the API server, whatever the version. */
  public get identity(): string {
    return `${this.group}/${this.kind}/${this.namespace}/${this.name}`;
  }

  /** As a sentence names it: `StatefulSet shop/orders`, `ClusterRole reader`. */
  public get title(): string {
    return `${this.kind || 'object without a kind'} ${this.namespace && `${this.namespace}/`}${this.name}`.trimEnd();
  }
}

/** All objects that are looked at together, in the order given. */
export class Manifests implements Iterable<Manifest> {
  private readonly kinds = new Map<string, Manifest[]>();
  private readonly names = new Map<string, Manifest>();

  constructor(public readonly all: readonly Manifest[]) {
    for (const manifest of all) {
      const same = this.kinds.get(manifest.kind);
      if (same) same.push(manifest);
      else this.kinds.set(manifest.kind, [manifest]);
      this.names.set(manifest.identity, manifest);
    }
  }

  public [Symbol.iterator](): Iterator<Manifest> {
    return this.all[Symbol.iterator]();
  }

  public ofKind(...kinds: string[]): readonly Manifest[] {
    return kinds.length === 1 ? (this.kinds.get(kinds[0] as string) ?? []) : kinds.flatMap((kind) => this.kinds.get(kind) ?? []);
  }

  /** The object of that kind and name, in that namespace; `group` is empty for the core group. */
  public get(group: string, kind: string, namespace: string, name: string): Manifest | undefined {
    return this.names.get(`${group}/${kind}/${namespace}/${name}`);
  }

  /** Those that make pods, or are one. */
  public get withPods(): readonly (Manifest & { readonly pod: PodTemplate })[] {
    this.podOwners ??= this.all.filter((m): m is Manifest & { readonly pod: PodTemplate } => m.pod !== undefined);
    return this.podOwners;
  }
  private podOwners?: readonly (Manifest & { readonly pod: PodTemplate })[];
}

const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

const WORKLOAD_GROUPS = new Set(['', 'apps', 'batch']);

function podTemplate({ object, group, kind }: Manifest): PodTemplate | undefined {
  const steps = WORKLOAD_GROUPS.has(group) && Object.hasOwn(TEMPLATES, kind) ? TEMPLATES[kind] : undefined;
  const template = steps && at(object, ...steps);
  if (!steps || !isFields(template)) return undefined;
  const path = steps.join('.');
  const below = (field: string) => (path ? `${path}.${field}` : field);
  const spec = fields(template, 'spec');
  return {
    path,
    labels: texts(template, 'metadata', 'labels'),
    annotations: texts(template, 'metadata', 'annotations'),
    spec,
    containers: [
      ...containers(spec, 'initContainers', below('spec.initContainers')),
      ...containers(spec, 'containers', below('spec.containers')),
    ],
  };
}

function containers(pod: Fields, field: 'containers' | 'initContainers', path: string): Container[] {
  return list(pod, field).map((value, index) => {
    const spec = fields([value], 0);
    const sidecar = text(spec, 'restartPolicy') === 'Always';
    const role = field === 'containers' ? 'main' : sidecar ? 'sidecar' : 'init';
    return { name: text(spec, 'name') ?? '', path: `${path}[${index}]`, spec, role };
  });
}
