import { namespaceFlag, quoted, resource } from '../../compare/commands';
import type { Pair } from '../../compare/pairs';

/** What to do where the API server refuses a change, in one sentence; commands as they are typed. */
export type Remedy = (pair: Pair, field: string) => string;

const remove = ({ after }: Pair, options = '') => `kubectl delete ${resource(after)}${options}`;

/** The pods go on, and the new set takes them over. */
export const orphan: Remedy = (pair) =>
  `take the change back; or run \`${remove(pair, ' --cascade=orphan')}\` and apply: the pods and their claims stay, and the new set takes them over`;

export const besides: Remedy = (pair, field) =>
  `keep ${field} as it was; or make a ${pair.after.kind} with another name, and remove this one when that is ready`;

export const anotherJob: Remedy = (pair) =>
  `give the Job another name, with a hash of what it runs for example; or run \`${remove(pair)}\` first, and it runs again`;

export const replace: Remedy = (pair) => `run \`${remove(pair)}\`, and apply`;

export const replaceService: Remedy = (pair) =>
  `take the change back; or run \`${remove(pair)}\` and apply: it gets another address, and connections through the old one end`;

export const anotherClaim: Remedy = ({ after }) =>
  `make a claim with another name and copy the data; keep ${quoted(after.name)} until nothing uses it`;

export const anotherVolume: Remedy = ({ after }) =>
  `make a PersistentVolume with another name; or, if ${quoted(after.name)} has the reclaim policy Retain, delete it and its claim, and apply`;

export const anotherName: Remedy = ({ after }) => `make a ${after.kind} with another name, and change what refers to it`;

export const anotherClass: Remedy = (pair) =>
  `make a StorageClass with another name; or run \`${remove(pair)}\` and apply: volumes that exist stay as they are`;

export const anotherBinding: Remedy = (pair) =>
  `bind under another name, then remove this one; or run \`${remove(pair)}\` and apply: its subjects may do nothing in between`;

export const anotherDefinition: Remedy = () =>
  'make another CustomResourceDefinition and move the objects over; to delete this one would delete every object of its kind';

/** One command for the claims of every pod of a set. */
export function growClaims({ after }: Pair, template: string, ordinals: readonly number[], size: string): string {
  const patch = JSON.stringify({ spec: { resources: { requests: { storage: size } } } });
  const claim = `${quoted(`${template}-${after.name}`)}-$i`;
  return `for i in ${ordinals.join(' ')}; do kubectl patch pvc ${claim}${namespaceFlag(after)} --type merge -p '${patch}'; done`;
}
