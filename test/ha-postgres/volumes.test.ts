import { Size } from 'cdk8s';
import { PersistentVolumeAccessMode } from 'cdk8s-plus-27';
import { claims, credentialsVolume } from '../../lib/ha-postgres/volumes';
import { SecretKey } from '../../lib/platform';
import { chartWith, login, objectOf, plain, planOf } from '../support';

test('each member claims a volume for its data and one for its log, which nothing prunes', () => {
  const metadata = {
    labels: planOf().selector('database'),
    annotations: {
      'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
      'kustomize.toolkit.fluxcd.io/prune': 'disabled',
    },
  };
  const spec = { accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem' };
  expect(plain(claims(planOf()))).toEqual([
    { metadata: { name: 'data', ...metadata }, spec: { ...spec, resources: { requests: { storage: '20Gi' } } } },
    { metadata: { name: 'wal', ...metadata }, spec: { ...spec, resources: { requests: { storage: '5Gi' } } } },
  ]);
});

test('without a WAL volume there is one claim', () => {
  expect(claims(planOf({ walStorage: undefined })).map((c) => c.metadata?.name)).toEqual(['data']);
});

test('class and modes are those of the props, and the size in the template is the first one for ever', () => {
  const storage = {
    size: Size.gibibytes(40),
    initialSize: Size.gibibytes(20),
    storageClassName: 'fast',
    accessModes: [PersistentVolumeAccessMode.READ_WRITE_ONCE_POD],
  };
  expect(plain(claims(planOf({ storage })))[0].spec).toEqual({
    accessModes: ['ReadWriteOncePod'],
    storageClassName: 'fast',
    volumeMode: 'Filesystem',
    resources: { requests: { storage: '20Gi' } },
  });
});

test('the finished templates have what the API server would add', () => {
  const { spec } = objectOf(chartWith(), 'StatefulSet', 'orders');
  for (const template of spec.volumeClaimTemplates) {
    expect(template).toMatchObject({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', spec: { volumeMode: 'Filesystem' } });
  }
});

test('every password is a file, one source a Secret', () => {
  const volume = credentialsVolume(
    planOf({
      roles: [
        { name: 'orders', ...login('orders') },
        { name: 'reports', password: SecretKey.of('reports', 'password') },
        { name: 'readers' },
      ],
    }),
  );
  expect(volume).toEqual({
    name: 'credentials',
    projected: {
      sources: [
        {
          secret: {
            name: 'orders-postgres',
            items: [
              { key: 'superuser', path: 'superuser' },
              { key: 'replication', path: 'replication' },
              { key: 'rewind', path: 'rewind' },
              { key: 'orders', path: 'roles/orders' },
            ],
          },
        },
        { secret: { name: 'reports', items: [{ key: 'password', path: 'roles/reports' }] } },
      ],
    },
  });
});
