import type { Settings } from '../settings';
import type { Manifest } from './manifests';
import type { Reference } from './references';

/** `cdk8s-stateful/external: "Secret/orders-credentials, ConfigMap/authorities"` says what is in the cluster, though not among the manifests. */
export const EXTERNAL = 'cdk8s-stateful/external';

/** What is in the cluster though not among the manifests: by the option `external`, and by that annotation of any object. */
export class External {
  private readonly everywhere: readonly Pattern[];
  private readonly namespaces = new Map<string, Map<string, Pattern>>();

  constructor(manifests: Iterable<Manifest>, settings: Settings) {
    this.everywhere = settings.external.map(pattern);
    for (const { namespace, annotations } of manifests) {
      for (const declared of (annotations[EXTERNAL] ?? '').split(/[,\s]+/).filter(Boolean)) {
        const known = this.namespaces.get(namespace) ?? new Map<string, Pattern>();
        this.namespaces.set(namespace, known.set(declared, pattern(declared)));
      }
    }
  }

  /** Whether an object that another names is declared: an annotation counts for all objects of its namespace. */
  public has(reference: Reference, by: Manifest): boolean {
    return [...this.everywhere, ...(this.namespaces.get(by.namespace)?.values() ?? [])].some((declared) => matches(declared, reference));
  }
}

interface Pattern {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** `Kind/name` is of any namespace, `Kind/namespace/name` of that one; `*` stands for any. */
function pattern(declared: string): Pattern {
  const [kind = '', second = '', third] = declared.split('/').map((part) => part.trim());
  return third === undefined ? { kind, namespace: '*', name: second } : { kind, namespace: second, name: third };
}

function matches(declared: Pattern, { kind, name, namespace }: Reference): boolean {
  return declared.kind === kind && [name, '*'].includes(declared.name) && [namespace, '*'].includes(declared.namespace);
}
