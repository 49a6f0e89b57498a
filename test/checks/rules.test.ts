import * as fc from 'fast-check';
import { checkManifests } from '../../lib/checks';
import { RULES } from '../../lib/checks/rules';
import { deployment, replaced } from './support';

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
  return replaced(deployment(), seed, value);
});

test('no input makes a rule throw', () => {
  fc.assert(fc.property(fc.array(fc.oneof(broken, fc.anything())), (objects) => Array.isArray(checkManifests(objects))));
});
