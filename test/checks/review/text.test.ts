import { stripVTControlCharacters } from 'node:util';
import { renderReviewText } from '../../../lib/checks/review';
import type { Json } from '../../support';
import { configMap, deployment, object, review, statefulSet, template } from './support';

const text = (before: Json[], after: Json[]) => renderReviewText(review(before, after));

test('equal trees are one line', () => {
  expect(text([deployment()], [deployment()])).toBe('Review: nothing changes\n');
});

test('the most important comes first', () => {
  const before = [statefulSet({}, template({ image: 'example/app:1' })), object('v1', 'PersistentVolumeClaim', 'files')];
  const after = [statefulSet({ spec: { serviceName: 'x' } }, template({ image: 'example/app:2' }))];
  const lines = text(before, after).split('\n');
  const titles = lines.filter((line) => ['Refused', 'Volumes and data', 'Pods', 'Images', 'Objects'].includes(line));
  expect(titles).toEqual(['Refused', 'Volumes and data', 'Pods', 'Images', 'Objects']);
  expect(lines[0]).toBe('Review: refused: it cannot be applied as it is (1 changed, 1 removed)');
});

test('colour is there where it is asked for, and changes no word', () => {
  const changed = review([deployment()], [deployment({ spec: { replicas: 0 } })]);
  const coloured = renderReviewText(changed, { colour: true });
  expect(coloured).toContain('\u001b[');
  expect(stripVTControlCharacters(coloured)).toBe(renderReviewText(changed));
});

test('nothing that a manifest says moves the cursor', () => {
  const nasty = 'a\u001b[2J\r\n\u202eb';
  const shown = text([], [configMap({}, nasty), object('v1', 'Secret', 'a', { metadata: { annotations: { [nasty]: nasty } } })]);
  const changed = text([configMap({ [nasty]: 'x\ny' })], [configMap({ [nasty]: `x\n${nasty}` })]);
  for (const output of [shown, changed]) expect(['\u001b', '\r', '\u202e'].filter((character) => output.includes(character))).toEqual([]);
  expect(shown).toContain('added: ConfigMap shop/a\\u{1b}[2J\\r\\n\\u{202e}b');
});

test('sections are bounded', () => {
  const many = Array.from({ length: 150 }, (_, index) => configMap({}, `c${index}`));
  expect(text([], many)).toContain('and 50 more\n');
});

test('what is the same for several objects is said once', () => {
  const chart = (version: string) =>
    ['a', 'b', 'c', 'd'].map((name) => deployment({ metadata: { labels: { 'helm.sh/chart': version } } }, template(), name));
  const shown = text(chart('app-1'), chart('app-2'));
  expect(shown).toContain('changed alike in 4 objects: Deployment shop/a, Deployment shop/b, Deployment shop/c and Deployment shop/d\n');
  expect(shown).toContain('    metadata.labels[helm.sh/chart]: app-1 → app-2\n');
  expect(shown.match(/app-2/g)).toHaveLength(1);
  const scaled = text(
    ['a', 'b'].map((name) => deployment({}, undefined, name)),
    ['a', 'b'].map((name) => deployment({ spec: { replicas: 4 } }, undefined, name)),
  );
  expect(scaled).toContain('  Deployment shop/a and Deployment shop/b\n    4 pods instead of 2\n');
});
