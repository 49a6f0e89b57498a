import { settledTemplate } from '../compare/defaults';
import { type Difference, differences } from '../compare/differences';
import type { Pair } from '../compare/pairs';
import { same } from '../compare/same';
import { bothTexts, cut } from '../compare/words';
import { at } from '../manifests/look';
import type { Manifest } from '../manifests/manifests';
import { listed } from '../manifests/words';

/** So many reasons for one restart are enough. */
const MOST = 6;

/** Whether the pod template of an object changes in what the API server would not fill in anyway. */
export function templateChanges({ before, after }: Pair): boolean {
  return !same(rawTemplate(before), rawTemplate(after)) && !same(templateOf(before), templateOf(after));
}

function templateOf(manifest: Manifest): unknown {
  return manifest.pod && settledTemplate(rawTemplate(manifest));
}

function rawTemplate({ object, pod }: Manifest): unknown {
  return pod?.path ? at(object, ...pod.path.split('.')) : object;
}

/**
 * What in the pod template makes its pods restart.
 *
 * @param configs ConfigMaps and Secrets that change, and that the pods use: a checksum among the annotations follows one of them
 */
export function causes({ before, after }: Pair, configs: readonly Manifest[]): string[] {
  const all = differences(templateOf(before), templateOf(after));
  const images = all.filter(({ path }) => IMAGE.test(path));
  const others = all.filter(({ path }) => !IMAGE.test(path)).map((difference) => cause(difference, configs));
  const reasons = [...imageCauses(images), ...others];
  return reasons.length <= MOST ? reasons : [...reasons.slice(0, MOST), `${reasons.length - MOST} more changes of the pod template`];
}

const IMAGE = /^spec\.(?:initContainers|containers)\[(.+)\]\.image$/;
const CHECKSUM = /checksum|config-?hash|sha256|configmap-hash|secret-hash/i;

function imageCauses(images: readonly Difference[]): string[] {
  const moves = new Map<string, string[]>();
  for (const { path, before, after } of images) {
    const move = bothTexts(before, after).join(' → ');
    moves.set(move, [...(moves.get(move) ?? []), IMAGE.exec(path)?.[1] ?? '']);
  }
  return [...moves].map(([move, containers]) => `image of ${listed(containers)}: ${move}`);
}

function cause({ path, before, after, reordered }: Difference, configs: readonly Manifest[]): string {
  const annotation = /^metadata\.annotations(?:\[(.+)\]|\.(.+))$/.exec(path);
  const name = annotation?.[1] ?? annotation?.[2];
  if (name !== undefined && CHECKSUM.test(name)) {
    const config = followed(name, configs);
    return `annotation ${name}, which is there to restart pods${config ? ` when ${config.title} changes` : ' with a configuration'}`;
  }
  const where = path.replace(/^spec\./, '');
  if (reordered) return `${where}: in another order`;
  const [old, next] = bothTexts(before, after).map((text) =>
    text.length > 80 || text.includes('\n') ? `${cut(text.split('\n')[0] ?? '', 60)}…` : text,
  );
  return `${where}: ${old} → ${next}`;
}

/** The configuration whose name has the annotation's last word; or the only one there is. */
function followed(annotation: string, configs: readonly Manifest[]): Manifest | undefined {
  const word = annotation.split('/').at(-1) ?? '';
  const named = configs.filter(({ name }) => name === word || name.endsWith(`-${word}`) || word.includes(name));
  if (named.length === 1) return named[0];
  return configs.length === 1 ? configs[0] : undefined;
}
