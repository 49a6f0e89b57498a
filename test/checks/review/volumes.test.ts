import type { Json } from '../../support';
import { claimTemplate, deployment, merged, messages, object, PROTECTED, review, statefulSet, template } from './support';

const notes = (before: Json[], after: Json[]) => messages(review(before, after).volumes);
const claim = (name = 'files', rest: object = {}) =>
  object('v1', 'PersistentVolumeClaim', name, merged({ spec: claimTemplate().spec }, rest));
const cluster = (apiVersion: string, kind: string, name: string, rest: object = {}) =>
  merged(object(apiVersion, kind, name, rest), { metadata: { namespace: undefined } });
const policy = (persistentVolumeClaimRetentionPolicy: object, replicas = 3) =>
  statefulSet({ spec: { replicas, persistentVolumeClaimRetentionPolicy } });

test.each<[string, Json[], Json[], string]>([
  [
    'a StatefulSet',
    [statefulSet()],
    [],
    'risky: it is gone; its claims data-orders-0, data-orders-1 and data-orders-2 stay, used by nothing',
  ],
  ['a claim', [claim()], [], 'risky: it is deleted, and its volume with it where the reclaim policy is Delete'],
  [
    'a protected claim',
    [claim('files', PROTECTED)],
    [],
    'risky: it is gone from Git and protected from pruning: it stays, used by what still mounts it',
  ],
  [
    'a claim with another name',
    [claim('files-a1b2c3d4')],
    [claim('files-b2c3d4e5')],
    'risky: it is deleted, and its volume with it where the reclaim policy is Delete; files-b2c3d4e5 is another volume, without its data',
  ],
  [
    'a PersistentVolume',
    [cluster('v1', 'PersistentVolume', 'pv')],
    [],
    'risky: it is deleted: what is on it stays only where the reclaim policy is Retain',
  ],
  [
    'a protected Namespace',
    [cluster('v1', 'Namespace', 'shop', PROTECTED)],
    [],
    'safe: it is gone from Git and protected from pruning: it stays, with all that is in it',
  ],
  [
    'a CustomResourceDefinition',
    [cluster('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'things', { spec: { names: { kind: 'Thing' } } })],
    [],
    'risky: every Thing in the cluster is deleted with it',
  ],
  [
    'a VolumeSnapshot',
    [object('snapshot.storage.k8s.io/v1', 'VolumeSnapshot', 'a')],
    [],
    'risky: the snapshot is deleted where the deletionPolicy of its class is Delete',
  ],
])('%s that is gone', (_, before, after, expected) => {
  expect(notes(before, after)).toEqual([expected]);
});

test('a Namespace that is gone takes all claims along', () => {
  const gone = notes([cluster('v1', 'Namespace', 'shop'), statefulSet({ spec: { replicas: 1 } }), claim()], []);
  expect(gone).toContain('risky: everything in it is deleted, its claims too: files and data-orders-0');
});

test.each<[string, Json, Json, string[]]>([
  [
    'shrinks',
    statefulSet({ spec: { replicas: 3 } }),
    statefulSet({ spec: { replicas: 2 } }),
    ['safe: data-orders-2 stays, used by nothing until the pods come back'],
  ],
  [
    'shrinks and deletes',
    policy({ whenScaled: 'Delete' }),
    policy({ whenScaled: 'Delete' }, 1),
    ['risky: data-orders-1 and data-orders-2 are deleted with their data'],
  ],
  [
    'will delete',
    statefulSet(),
    policy({ whenDeleted: 'Delete', whenScaled: 'Delete' }),
    [
      'risky: its claims when the set is deleted will be deleted, with their data',
      'risky: its claims of pods that go when it shrinks will be deleted, with their data',
    ],
  ],
  ['will retain', policy({ whenDeleted: 'Delete' }), statefulSet(), ['safe: its claims when the set is deleted will stay']],
  ['writes the default', statefulSet(), policy({ whenDeleted: 'Retain' }), []],
  ['grows', statefulSet(), statefulSet({ spec: { replicas: 5 } }), []],
])('a StatefulSet that %s', (_, before, after, expected) => {
  expect(notes([before], [after])).toEqual(expected);
});

test.each<[string, string | undefined, string | undefined, string[]]>([
  ['Retain to Delete', 'Retain', 'Delete', ['risky: the reclaim policy goes from Retain to Delete: when its claim goes, the data goes']],
  ['Delete to Retain', 'Delete', 'Retain', ['safe: the reclaim policy goes from Delete to Retain']],
  ['nothing to the default', undefined, 'Retain', []],
])('a PersistentVolume from %s', (_, before, after, expected) => {
  const volume = (persistentVolumeReclaimPolicy: string | undefined) =>
    cluster('v1', 'PersistentVolume', 'pv', { spec: { persistentVolumeReclaimPolicy } });
  expect(notes([volume(before)], [volume(after)])).toEqual(expected);
});

const mounted = (claimName: string | undefined, mount: object = { mountPath: '/data' }) =>
  template(
    { volumeMounts: [{ name: 'f', ...mount }] },
    { volumes: [claimName === undefined ? { name: 'f', emptyDir: {} } : { name: 'f', persistentVolumeClaim: { claimName } }] },
  );

test.each<[string, Json, Json, string[]]>([
  ['another claim', mounted('a'), mounted('b'), ['risky: its pods have the claim b instead of a: another volume, with other data']],
  ['no claim', mounted('a'), mounted(undefined), ['risky: its pods no longer have the claim a']],
  [
    'another path',
    mounted('a'),
    mounted('a', { mountPath: '/var' }),
    ['risky: app has the volume f at /var instead of /data: where it looks for its data there may be none'],
  ],
  [
    'another folder',
    mounted('a'),
    mounted('a', { mountPath: '/data', subPath: 'x' }),
    [expect.stringContaining('at /data (folder x) instead of /data')],
  ],
  ['another path of what is no data', mounted(undefined), mounted(undefined, { mountPath: '/var' }), []],
])('pods that have %s', (_, before, after, expected) => {
  expect(notes([deployment({}, before)], [deployment({}, after)])).toEqual(expected);
});

test('a StatefulSet that mounts its claims elsewhere', () => {
  const at = (mountPath: string) => statefulSet({}, template({ volumeMounts: [{ name: 'data', mountPath }] }));
  expect(notes([at('/a')], [at('/b')])).toEqual([expect.stringContaining('app has the volume data at /b instead of /a')]);
});
