import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { checkManifests } from '../../../lib/checks';
import { replaced } from '../support';

const golden = (name: string): unknown[] =>
  parseAllDocuments(readFileSync(join(__dirname, `../../golden/ha-postgres.${name}.yaml`), 'utf8')).map((document) => document.toJS());
const everything = golden('everything');

test.each(['default', 'everything', 'adopted', 'upgrading'])('nothing is wrong with what HaPostgres makes: %s', (name) => {
  expect(checkManifests(golden(name)).filter(({ rule }) => rule.startsWith('SCH-'))).toEqual([]);
});

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.acme.example' },
  spec: {
    group: 'acme.example',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets' },
    versions: [
      {
        name: 'v1',
        served: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['size'],
                properties: {
                  size: { type: 'integer', minimum: 1 },
                  names: { type: 'array', items: { type: 'string', pattern: '^a' }, 'x-kubernetes-list-map-keys': ['a'] },
                  one: { oneOf: [{ required: ['a'] }, { not: { enum: ['b'] } }] },
                },
              },
            },
          },
        },
      },
    ],
  },
};
const widget = { apiVersion: 'acme.example/v1', kind: 'Widget', metadata: { name: 'a' }, spec: { size: 1, names: ['a'], one: {} } };

/** An object with anything at all in the place of one of its values. */
const broken = fc.tuple(fc.nat(), fc.nat(), fc.anything()).map(([which, where, value]) => {
  const objects = [...everything, definition, widget];
  return replaced(objects[which % objects.length] as object, where, value);
});

test('nothing that is broken makes a rule throw, be it an object or the definition of its kind', () => {
  fc.assert(
    fc.property(broken, broken, fc.anything(), (one, other, crd) =>
      Array.isArray(checkManifests([one, other, widget], { crds: [crd, one] })),
    ),
    { numRuns: 200 },
  );
});

test('neither does an object that cannot be shown', () => {
  const odd = { toString: null, valueOf: 1, constructor: 'x', ['__proto__']: 2 };
  expect(checkManifests([{ ...widget, spec: { size: odd, names: odd, one: odd, toString: 1 } }, definition]).length).toBeGreaterThan(1);
});

test('neither does what is very deep', () => {
  let deep: object = {};
  for (let i = 0; i < 20_000; i++) deep = i % 2 ? [deep] : { a: deep };
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: deep, orders: deep };
  expect(checkManifests([config, { ...widget, spec: deep }, definition]).length).toBeGreaterThan(1);
});
