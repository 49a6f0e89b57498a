import type { Block } from './addresses';
import type { Workload } from './pods';
import type { Ports } from './ports';
import type { Selection } from './selection';

/** Who talks, or is talked to: pods among the manifests, pods that are not, addresses, or everyone. */
export interface End {
  readonly kind: 'workload' | 'pods' | 'addresses' | 'anything';
  /** The same in another tree. */
  readonly key: string;
  /** `Deployment shop/web`, `pods app=web of namespace till`, `10.0.0.0/8 except 10.1.0.0/16`, `anything`. */
  readonly title: string;
  /** Where `kind` is `workload`. */
  readonly workload?: Workload;
  /** Where `kind` is `pods`. */
  readonly selection?: Selection;
}

/** Who may open connections to whom, and on which ports of the latter. */
export interface Connection {
  readonly from: End;
  readonly to: End;
  readonly ports: Ports;
}

/** Every pod in the cluster and every address outside it. */
export const ANYTHING: End = { kind: 'anything', key: 'anything', title: 'anything' };

export function workloadEnd(workload: Workload): End {
  return { kind: 'workload', key: workload.key, title: workload.title, workload };
}

export function podsEnd(selection: Selection): End {
  return { kind: 'pods', key: `pods ${selection.key}`, title: `${selection}`, selection };
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

export function addressesEnd(block: Block, except: readonly Block[]): End {
  const exceptions = except.map(({ text }) => text);
  const whole = block.prefix === 0 ? `any IPv${block.family} address` : block.text;
  const title = exceptions.length > 0 ? `${whole} except ${exceptions.join(', ')}` : whole;
  const isInternet = block.prefix === 0 && PRIVATE.every((range) => exceptions.includes(range));
  return { kind: 'addresses', key: title, title: isInternet ? `the internet (${title})` : title };
}
