import { CHANGE_RULES } from '../../../lib/checks/rules/changes';
import { IMMUTABLE } from '../../../lib/checks/rules/changes/immutable';

test('every rule over two trees has an identifier of its own, says what must hold and where it is from, and runs in a review', () => {
  expect(CHANGE_RULES.map(({ id }) => id)).toEqual(['STS-1', 'STS-2', 'STS-3', 'STS-6']);
  for (const { title, source, runs } of CHANGE_RULES) expect([title && source, runs]).toEqual([source, ['review']]);
});

test('every row of the table says where the API server says so', () => {
  expect(IMMUTABLE.filter(({ source }) => !/\w+\.go \w+|x-kubernetes-validations/.test(source))).toEqual([]);
});
