import { Size } from 'cdk8s';
import { chartWith, objectOf } from '../support';

const tablespaces = [
  { name: 'cold_rows', storage: { size: Size.gibibytes(500), storageClassName: 'slow' }, owner: 'shop' },
  { name: 'hot', storage: { size: Size.gibibytes(10) } },
];
const chart = chartWith({ roles: [{ name: 'shop' }], postgresql: { tablespaces } });
const { spec } = objectOf(chart, 'StatefulSet', 'orders');

test('each has a claim of its own, after data and WAL, whose names never change', () => {
  expect(spec.volumeClaimTemplates.map((claim: { metadata: { name: string } }) => claim.metadata.name)).toEqual([
    'data',
    'wal',
    'tablespace-cold-rows',
    'tablespace-hot',
  ]);
  expect(spec.volumeClaimTemplates[2].spec).toMatchObject({ storageClassName: 'slow', resources: { requests: { storage: '500Gi' } } });
});

test("PostgreSQL's container sees it, the agent does not", () => {
  const [patroni, agent] = spec.template.spec.containers;
  expect(patroni.volumeMounts).toContainEqual({ name: 'tablespace-cold-rows', mountPath: '/home/postgres/tablespaces/cold_rows' });
  expect(JSON.stringify(agent.volumeMounts)).not.toContain('tablespace');
});

test('the agent makes it in a folder below the mount point, for its owner', () => {
  const { tablespaces } = JSON.parse(objectOf(chart, 'ConfigMap', 'orders-patroni').data['cluster.json']);
  expect(tablespaces).toEqual([
    { name: 'cold_rows', owner: 'shop', location: '/home/postgres/tablespaces/cold_rows/data' },
    { name: 'hot', owner: 'postgres', location: '/home/postgres/tablespaces/hot/data' },
  ]);
});
