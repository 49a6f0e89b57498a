import type { Comparison } from '../compare/pairs';
import { valueText } from '../compare/words';
import { makesPods } from '../compare/workload';
import { at, list, text } from '../manifests/look';
import type { Manifest } from '../manifests/manifests';
import { listed } from '../manifests/words';
import { type Note, note } from './note';

/** Ports that containers of a workload declare, and did not before; or no longer do. */
export function portNotes({ changed }: Comparison): Note[] {
  return changed.flatMap(({ before, after }) => {
    if (!makesPods(before) || !makesPods(after)) return [];
    const [old, next] = [ports(before), ports(after)];
    const opened = [...next].filter(([port]) => !old.has(port)).map(([, words]) => words);
    const closed = [...old].filter(([port]) => !next.has(port)).map(([, words]) => words);
    const field = 'containers[].ports';
    return [
      ...(opened.length > 0 ? [note('safe', after.title, `opens ${listed(opened)}`, { field })] : []),
      ...(closed.length > 0 ? [note('safe', after.title, `no longer opens ${listed(closed)}`, { field })] : []),
    ];
  });
}

/** By number and protocol: which container it is in matters to nobody outside. */
function ports({ pod }: Manifest): Map<string, string> {
  const found = new Map<string, string>();
  for (const { spec } of pod?.containers ?? []) {
    for (const port of list(spec, 'ports')) {
      const id = `${valueText(at(port, 'containerPort'), 30)}/${text(port, 'protocol') ?? 'TCP'}`;
      const name = text(port, 'name');
      found.set(id, name ? `${id} (${name})` : id);
    }
  }
  return found;
}
