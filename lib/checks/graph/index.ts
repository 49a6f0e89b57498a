import type { Manifests } from '../manifests';
import type { Settings } from '../settings';

/** Stands in until the picture is there. */
export function graph(manifests: Manifests, _settings: Settings): string {
  return ['flowchart LR', ...manifests.all.map(({ title }, index) => `  n${index}["${title}"]`)].join('\n');
}
