import type { Json } from '../../support';
import { claimTemplate, merged, object, PROTECTED, statefulSet } from '../review/support';
import { changeFindings } from './support';

const set = (...volumeClaimTemplates: Json[]) => statefulSet({ spec: { volumeClaimTemplates } });
const claim = (rest: object = {}) => object('v1', 'PersistentVolumeClaim', 'files', merged({ spec: claimTemplate().spec }, rest));
const sized = (storage: string) => claim({ spec: { resources: { requests: { storage } } } });
const ofClass = (storageClassName: string | undefined) => claim({ spec: { storageClassName } });

test.each<[string, Json, string]>([
  ['shrinks', set(claimTemplate('data', '5Gi')), 'the claim template data shrinks from 10Gi to 5Gi'],
  ['is renamed', set(claimTemplate('pgdata')), 'the claim template data is now pgdata'],
  ['changes its class', set(claimTemplate('data', '10Gi', { spec: { storageClassName: 'fast' } })), 'from the default to fast'],
  ['is gone', set(), 'the claim template data is gone'],
])('STS-2: a claim template that %s', (_, after, message) => {
  const before = set(claimTemplate());
  expect(changeFindings('STS-2', [before], [after])).toMatchObject([
    { severity: 'error', field: 'spec.volumeClaimTemplates', message: expect.stringContaining(message) },
  ]);
  expect(changeFindings('STS-1', [before], [after])).toEqual([]); // one of both tells it
});

test.each<[string, Json, Json]>([
  ['grows', set(claimTemplate()), set(claimTemplate('data', '20Gi'))],
  ['says the same in other words', set(claimTemplate()), set(claimTemplate('data', '10240Mi'))],
  ['is a claim that grows', sized('10Gi'), sized('20Gi')],
])('STS-2: nothing of a template that %s', (_, before, after) => {
  expect(changeFindings('STS-2', [before], [after])).toEqual([]);
});

test.each<[string, Json, Json, string, string]>([
  ['shrinks', sized('10Gi'), sized('5Gi'), 'error', 'the claim shrinks from 10Gi to 5Gi'],
  ['changes its class', ofClass('slow'), ofClass('fast'), 'error', 'from slow to fast, which the API server refuses'],
  ['gets a class', ofClass(undefined), ofClass('fast'), 'warning', 'unless that is the class it has'],
])('STS-2: a claim that %s', (_, before, after, severity, message) => {
  expect(changeFindings('STS-2', [before], [after])).toMatchObject([{ severity, message: expect.stringContaining(message) }]);
});

const renamed = statefulSet({}, undefined, 'orders-db');
const deleting = { spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } } };

test.each<[string, Json, Json[], string, string]>([
  ['is gone', statefulSet(), [], 'warning', 'it is gone; its claims data-orders-0, data-orders-1 and data-orders-2 stay, used by nothing'],
  [
    'is renamed',
    statefulSet(),
    [renamed],
    'warning',
    'it is now orders-db; its claims data-orders-0, data-orders-1 and data-orders-2 stay, used by nothing, and orders-db begins with empty ones',
  ],
  ['takes its claims along', statefulSet(deleting), [], 'error', 'whenDeleted: Delete deletes its claims'],
  [
    'is protected from pruning',
    statefulSet(PROTECTED),
    [],
    'warning',
    'it is gone from Git; being protected from pruning it goes on, with its claims',
  ],
  ['has a billion pods', statefulSet({ spec: { replicas: 1e9 } }), [], 'warning', 'and 999999994 more stay'],
])('STS-3: a StatefulSet that %s', (_, before, after, severity, message) => {
  expect(changeFindings('STS-3', [before], after)).toMatchObject([
    { severity, object: 'StatefulSet shop/orders', message: expect.stringContaining(message) },
  ]);
});

test.each<[string, Json[], Json[]]>([
  ['stays', [statefulSet()], [statefulSet()]],
  ['has no claims', [statefulSet({ spec: { volumeClaimTemplates: [] } })], []],
])('STS-3: nothing of a StatefulSet that %s', (_, before, after) => {
  expect(changeFindings('STS-3', before, after)).toEqual([]);
});

const sharded = (replicas: number, retiring?: string, annotations: object = {}) =>
  statefulSet({
    spec: { replicas },
    metadata: {
      annotations: {
        'cdk8s-stateful/scale-in': 'retire-first',
        ...(retiring === undefined ? {} : { 'cdk8s-stateful/retiring': retiring }),
        ...annotations,
      },
    },
  });

test.each<[string, Json, Json, string]>([
  ['none', sharded(5), sharded(3), '2 pods would go with the shards on them, and none is retired before this commit'],
  ['too few', sharded(5, '1'), sharded(3), 'only 1 is retired'],
  ['nonsense', sharded(5, 'all'), sharded(4), 'none is retired'],
  ['the annotation, in the same commit', sharded(5), statefulSet({ spec: { replicas: 4 } }), '1 pod would go'],
])('STS-6: with %s retired the pods of a sharded system do not go', (_, before, after, message) => {
  expect(changeFindings('STS-6', [before], [after])).toMatchObject([
    { severity: 'error', field: 'spec.replicas', message: expect.stringContaining(message) },
  ]);
});

test.each<[string, Json, Json]>([
  ['as many are retired', sharded(5, '2'), sharded(3)],
  ['fewer go than are retired', sharded(5, '2'), sharded(4, '1')],
  ['there are more', sharded(3), sharded(5)],
  ['it is another system', statefulSet({ spec: { replicas: 5 } }), statefulSet({ spec: { replicas: 3 } })],
])('STS-6: pods may go where %s', (_, before, after) => {
  expect(changeFindings('STS-6', [before], [after])).toEqual([]);
});
