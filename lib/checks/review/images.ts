import type { Comparison } from '../compare/pairs';
import { text } from '../manifests/look';
import type { Manifest } from '../manifests/manifests';
import { listed } from '../manifests/words';
import type { Note } from './note';
import { note } from './note';
import { jump } from './versions';

/** Another image in containers that were there before; one note for all containers of an object that change in the same way. */
export function imageNotes({ changed, renamed }: Comparison): Note[] {
  return [...changed, ...renamed].flatMap(({ before, after }) => {
    const old = images(before);
    const moves = new Map<string, { from: string; to: string; containers: string[] }>();
    for (const [name, to] of images(after)) {
      const from = old.get(name);
      if (from === undefined || from === to) continue;
      const move = moves.get(`${from} ${to}`) ?? { from, to, containers: [] };
      move.containers.push(name);
      moves.set(`${from} ${to}`, move);
    }
    return [...moves.values()].map((move) => imageNote(after, move));
  });
}

function images({ pod }: Manifest): Map<string, string> {
  const found = (pod?.containers ?? []).map(({ name, spec }) => [name, text(spec, 'image')] as const);
  return new Map(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function imageNote({ title }: Manifest, { from, to, containers }: { from: string; to: string; containers: string[] }): Note {
  const [old, next] = [imageOf(from), imageOf(to)];
  const which = listed(containers);
  const risk = jump(old, next);
  const more = risk ? `: ${risk.message}` : '';
  return note(risk ? 'risky' : 'safe', title, `${which}: ${moved(old, next, from, to)}${more}`, { field: 'image', fix: risk?.fix ?? '' });
}

function moved(old: ImageName, next: ImageName, from: string, to: string): string {
  if (old.repository !== next.repository) return `another image, ${to} instead of ${from}`;
  if (old.tag !== next.tag) return `${next.repository} goes from ${tagged(old)} to ${tagged(next)}`;
  if (old.digest && next.digest) return `${tagged(next)} of ${next.repository} is another build, ${next.digest}`;
  return next.digest
    ? `${tagged(next)} of ${next.repository} is pinned to ${next.digest}`
    : `${tagged(next)} of ${next.repository} loses its digest`;
}

function tagged({ tag }: ImageName): string {
  return tag || 'no tag';
}

export interface ImageName {
  readonly repository: string;
  /** Empty where there is none. */
  readonly tag: string;
  readonly digest: string;
}

export function imageOf(image: string): ImageName {
  const [name = '', digest = ''] = image.split('@', 2);
  const tag = /:([^/:]*)$/.exec(name)?.[1];
  return { repository: tag === undefined ? name : name.slice(0, -tag.length - 1), tag: tag ?? '', digest };
}
