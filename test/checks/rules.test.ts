import * as fc from 'fast-check';
import { checkManifests } from '../../lib/checks';
import { RULES } from '../../lib/checks/rules';
import { deployment } from './support';

test('every rule has an identifier of its own, says what must hold and where it is from, and runs somewhere', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  for (const { id, title, source, runs } of RULES) {
    expect(id).toMatch(/^(SCH|REF|SEC|RES|HA|STS|GIT|REV|SUP)-\d+$/);
    expect([title, source, runs]).not.toContain('');
    expect(runs.length).toBeGreaterThan(0);
  }
});

/** A manifest with anything at all in the place of one of its values. */
const broken = fc.tuple(fc.nat(), fc.anything()).map(([seed, value]) => {
  const copy = structuredClone(deployment());
  const places: [Record<string, unknown>, string][] = [];
  (function walk(node: object) {
    for (const [key, inner] of Object.entries(node)) {
      places.push([node as Record<string, unknown>, key]);
      if (typeof inner === 'object' && inner !== null) walk(inner);
    }
  })(copy);
  const [node, key] = places[seed % places.length] as [Record<string, unknown>, string];
  node[key] = value;
  return copy;
});

test('no input makes a rule throw', () => {
  fc.assert(fc.property(fc.array(fc.oneof(broken, fc.anything())), (objects) => Array.isArray(checkManifests(objects))));
});
