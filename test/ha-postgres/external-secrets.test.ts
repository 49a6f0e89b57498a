import { CertificateSource, SecretKey } from '../../lib';
import { secretKeysOf } from '../../lib/internal/secret-keys';
import { chartWith, emptyChart, type Json, minimalProps, namesOf, objectOf } from '../support';

const { credentials } = minimalProps();
const role = { name: 'shop', password: SecretKey.of('shop-application', 'password') };

test('without a store there are none', () => {
  expect(namesOf(chartWith()).filter((name) => name.startsWith('ExternalSecret'))).toEqual([]);
});

test('one for each Secret, by its name, with every key that is used; the Secret outlives it', () => {
  const chart = chartWith({
    roles: [role],
    credentials: { ...credentials, externalSecrets: { store: 'vault', remoteKeys: { 'shop-application': 'apps/shop' } } },
  });
  expect(namesOf(chart).filter((name) => name.startsWith('ExternalSecret'))).toEqual([
    'ExternalSecret/orders-postgres',
    'ExternalSecret/shop-application',
  ]);
  const { spec } = objectOf(chart, 'ExternalSecret', 'shop-application');
  expect(spec).toEqual({
    refreshInterval: '1h0m0s',
    secretStoreRef: { name: 'vault', kind: 'SecretStore' },
    target: { name: 'shop-application', creationPolicy: 'Orphan', deletionPolicy: 'Retain' },
    data: [
      {
        secretKey: 'password',
        remoteRef: {
          key: 'apps/shop',
          property: 'password',
          conversionStrategy: 'Default',
          decodingStrategy: 'None',
          metadataPolicy: 'None',
        },
      },
    ],
  });
  const keys = objectOf(chart, 'ExternalSecret', 'orders-postgres').spec.data.map((item: Json) => [item.remoteRef.key, item.secretKey]);
  expect(keys).toEqual(['replication', 'rewind', 'superuser'].map((key) => ['orders-postgres', key]));
});

test('none for a Secret that cert-manager fills, which the store would fight over', () => {
  const store = { credentials: { ...credentials, externalSecrets: { store: 'vault' } } };
  const tls = (certificate: CertificateSource) => ({
    ...store,
    tls: { certificate, clientAuthority: SecretKey.of('orders-tls', 'ca.crt') },
  });
  const made = (certificate: CertificateSource) => namesOf(chartWith(tls(certificate))).includes('ExternalSecret/orders-tls');
  expect(made(CertificateSource.certManager({ issuer: 'ca' }))).toBe(false);
  expect(made(CertificateSource.secret('orders-tls'))).toBe(true);
});

describe('secretKeysOf', () => {
  class Target {
    constructor(readonly key: SecretKey) {}
  }

  test.each<[string, object, [string, string[]][]]>([
    ['nothing', {}, []],
    [
      'keys in lists, options and values of their own types',
      { a: [{ b: SecretKey.of('s', 'k') }], c: new Target(SecretKey.of('r', 'k')) },
      [
        ['r', ['k']],
        ['s', ['k']],
      ],
    ],
    ['each key once, sorted', { a: SecretKey.of('s', 'z'), b: SecretKey.of('s', 'a'), c: SecretKey.of('s', 'z') }, [['s', ['a', 'z']]]],
  ])('finds %s', (_, props, found) => {
    expect([...secretKeysOf(props)]).toEqual(found);
  });

  test('does not look into constructs, nor go round in circles', () => {
    const circle: Json = { secret: SecretKey.of('s', 'k'), chart: Object.assign(emptyChart(), { other: SecretKey.of('o', 'k') }) };
    circle.self = circle;
    expect([...secretKeysOf(circle)]).toEqual([['s', ['k']]]);
  });
});
