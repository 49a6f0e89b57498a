import type { Manifests } from '../manifests';

/** Stands in until the picture is there. */
export function graph(manifests: Manifests): string {
  return ['flowchart LR', ...manifests.all.map(({ title }, index) => `  n${index}["${title}"]`)].join('\n');
}
