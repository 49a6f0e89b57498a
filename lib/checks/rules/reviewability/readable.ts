import { everyValue, pathOf } from '../../manifests/every-value';
import { hashSuffix, isNamedByPath } from '../../manifests/hash-name';
import { texts } from '../../manifests/look';
import type { Manifest } from '../../manifests/manifests';
import { listed } from '../../manifests/words';
import type { Found, Rule } from '../../rule';

/** REV-2: what changes shows in the diff as what it is. */
export const readable: Rule = {
  id: 'REV-2',
  severity: 'warning',
  title: 'what lasts has a name that stays, and texts have lines that a reviewer can read',
  runs: ['synth', 'check'],
  source: 'cdk8s#17, https://yaml.org/spec/1.2.2/#54-line-break-characters',
  *find(manifests) {
    for (const manifest of manifests) {
      yield* generatedName(manifest);
      yield* carriageReturns(manifest);
      if (manifest.kind === 'ConfigMap' && manifest.group === '') yield* longJson(manifest);
    }
  },
};

const LASTING = new Set(['StatefulSet', 'PersistentVolumeClaim', 'Namespace']);

/** Another name is another object: the old one goes, and its data with it or without an owner. */
function* generatedName(manifest: Manifest): Iterable<Found> {
  if (!LASTING.has(manifest.kind)) return;
  const hash = hashSuffix(manifest.name);
  if (hash === undefined || !/\d/.test(hash) || !/[a-z]/.test(hash)) return;
  const why = isNamedByPath(manifest.name) ? 'ends in a hash of the path of the construct' : 'ends in a hash';
  const message = `the name ${manifest.name} ${why}: when that changes, another ${manifest.kind} takes the place of this one, without its data`;
  yield { manifest, field: 'metadata.name', message, fix: 'give it a name of its own: metadata: { name: … }' };
}

/** YAML then writes the text in quotes, on one line. */
function* carriageReturns(manifest: Manifest): Iterable<Found> {
  const places: string[] = [];
  everyValue(manifest.object, (value, steps) => {
    if (typeof value === 'string' && value.includes('\r')) places.push(pathOf(steps));
  });
  const [field] = places;
  if (field === undefined) return;
  const message = `${listed(places)} has carriage returns, so that YAML writes it on one line`;
  yield { manifest, field, message, fix: 'end its lines in \\n alone' };
}

/** Longest line of JSON that can be read in a diff. */
const LONGEST = 200;

function* longJson(manifest: Manifest): Iterable<Found> {
  const keys = Object.entries(texts(manifest.object, 'data')).filter(([, value]) => hasLongJson(value));
  const [first] = keys;
  if (first === undefined) return;
  const message = `${listed(keys.map(([key]) => key))} has JSON of more than ${LONGEST} characters on a line`;
  yield { manifest, field: pathOf(['data', first[0]]), message, fix: 'write it indented: JSON.stringify(value, null, 2)' };
}

function hasLongJson(text: string): boolean {
  return text.length > LONGEST && /[[{]["{]/.test(text) && text.split('\n').some(isLongJson);
}

function isLongJson(line: string): boolean {
  if (line.length <= LONGEST) return false;
  const text = line.trim();
  return (text.startsWith('{"') || text.startsWith('[{') || text.startsWith('["')) && /[}\]],?$/.test(text);
}
