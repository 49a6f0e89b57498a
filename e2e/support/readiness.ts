import type { Json } from './kubectl';
import { type Line, Stream } from './stream';
import type { Subject } from './subject';

const WATCH = ['get', 'pods', '--watch', '--output-watch-events'];
const POD =
  '{.type} {.object.metadata.name} {.object.metadata.deletionTimestamp}/{.object.status.conditions[?(@.type=="Ready")].status}{"\\n"}';

/** Counts the members that are up while something happens; one that is being deleted is down. */
export class Readiness {
  private readonly stream: Stream;

  constructor({ kubectl, database }: Subject) {
    this.stream = new Stream(kubectl, [...WATCH, '-l', database.selector, `-ojsonpath=${POD}`]);
  }

  /** Ends it, and returns how many members were up at the worst moment after all of them were. */
  public least(members: number): number {
    this.stream.stop();
    return leastUp(this.stream.lines, members);
  }
}

export function leastUp(lines: readonly Line[], members: number): number {
  const up = new Set<string>();
  let least: number | undefined;
  for (const { text } of lines) {
    const [type, name, state] = text.split(' ');
    if (type !== 'DELETED' && state === '/True') up.add(name);
    else up.delete(name);
    if (least !== undefined || up.size === members) least = Math.min(least ?? members, up.size);
  }
  if (least === undefined) throw new Error(`there never were ${members} members up: ${JSON.stringify(lines.map(({ text }) => text))}`);
  return least;
}

/** UIDs of the members' pods and how often each container was started again: the same as long as nothing restarts. */
export async function starts({ kubectl, database }: Subject): Promise<string[]> {
  const { items } = await kubectl.get('pods', '-l', database.selector);
  return items
    .flatMap(({ metadata, status }: Json) =>
      status.containerStatuses.map((c: Json) => `${metadata.name} ${metadata.uid} ${c.name} ${c.restartCount}`),
    )
    .sort();
}
