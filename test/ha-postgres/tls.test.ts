import { Duration } from 'cdk8s';
import { parse } from 'yaml';
import { CertificateSource, type HaPostgresProps, SecretKey } from '../../lib';
import { localConfiguration } from '../../lib/ha-postgres/patroni';
import { podTemplate } from '../../lib/ha-postgres/pod';
import { certificate } from '../../lib/ha-postgres/tls';
import { tlsConfiguration } from '../../lib/ha-postgres/tls-configuration';
import { chartWith, type Json, login, namesOf, objectOf, plain, planOf } from '../support';

const SECRET = CertificateSource.secret('orders-cert');
const ISSUED = CertificateSource.certManager({ issuer: 'ca' });

/** What is laid over the configuration of members with a certificate, as Patroni reads it. */
function overlay(props: Partial<HaPostgresProps> = {}): Json {
  return parse(tlsConfiguration(planOf({ tls: { certificate: SECRET }, ...props })) ?? '', { version: '1.1' });
}

function pod(props: Partial<HaPostgresProps> = {}): Json {
  return plain(podTemplate(planOf(props)));
}

const containers = (props?: Partial<HaPostgresProps>): Json[] => pod(props).spec.containers;
const variable = (container: Json, name: string) => container.env.find((e: Json) => e.name === name)?.value;

describe('the Certificate', () => {
  const spec = (tls: HaPostgresProps['tls'], props: Partial<HaPostgresProps> = {}, namespace?: string) =>
    plain(certificate(planOf({ tls, ...props }, namespace))?.spec);

  test('is for servers and clients, with a new key each time', () => {
    expect(spec({ certificate: ISSUED })).toMatchObject({
      secretName: 'orders-tls',
      issuerRef: { name: 'ca', kind: 'Issuer', group: 'cert-manager.io' },
      commonName: 'orders',
      usages: ['server auth', 'client auth'],
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
    });
  });

  test('names every Service and member, short where the namespace is not known', () => {
    expect(spec({ certificate: ISSUED }).dnsNames).toEqual(['orders', 'orders-replica', 'orders-pods', '*.orders-pods', 'localhost']);
  });

  test('names them in full where it is', () => {
    const { dnsNames } = spec({ certificate: ISSUED }, {}, 'shop');
    for (const host of ['orders', 'orders-replica', 'orders-pods', '*.orders-pods']) {
      expect(dnsNames).toEqual(expect.arrayContaining([host, `${host}.shop`, `${host}.shop.svc`]));
    }
  });

  test('names the pooler where there is one', () => {
    expect(spec({ certificate: ISSUED }, { pooler: { login: login('pooler') } }).dnsNames).toContain('orders-pooler');
  });

  test('lasts as long as is asked for, and else as cert-manager says', () => {
    const times = { duration: Duration.days(30), renewBefore: Duration.days(10) };
    expect(spec({ certificate: CertificateSource.certManager({ issuer: 'ca', ...times }) })).toMatchObject({
      duration: '2592000s',
      renewBefore: '864000s',
    });
    expect(Object.keys(spec({ certificate: ISSUED }))).not.toEqual(expect.arrayContaining(['duration']));
  });

  test.each([
    ['a Secret that exists', { certificate: SECRET }],
    ['no encryption', undefined],
  ])('is none for %s', (_, tls) => {
    expect(namesOf(chartWith({ tls })).filter((name) => name.startsWith('Certificate/'))).toEqual([]);
  });

  test('is kept by every GitOps tool', () => {
    const { metadata } = objectOf(chartWith({ tls: { certificate: ISSUED } }), 'Certificate', 'orders-tls');
    expect(metadata.annotations).toMatchObject({ 'kustomize.toolkit.fluxcd.io/prune': 'disabled' });
  });
});

describe("the members' pods", () => {
  const tls = { certificate: SECRET };
  const volume = (props: Partial<HaPostgresProps>): Json => pod(props).spec.volumes.find((v: Json) => v.name === 'tls');

  test('have the certificate as files that PostgreSQL takes, and beside it what to do with it', () => {
    expect(volume({ tls }).projected).toEqual({
      defaultMode: 0o440,
      sources: [
        { secret: { name: 'orders-cert', items: ['tls.crt', 'tls.key', 'ca.crt'].map((key) => ({ key, path: key })) } },
        { secret: { name: 'orders-cert', items: [{ key: 'ca.crt', path: 'client-ca.crt' }] } },
        { configMap: { name: 'orders-patroni', items: [{ key: 'tls.yaml', path: 'patroni.yaml' }] } },
      ],
    });
    for (const { volumeMounts } of containers({ tls })) {
      expect(volumeMounts).toContainEqual({ name: 'tls', mountPath: '/etc/tls', readOnly: true });
    }
    expect(objectOf(chartWith({ tls }), 'ConfigMap', 'orders-patroni').data['tls.yaml']).toContain('ssl_cert_file');
  });

  test('verify clients by an authority of their own where there is one', () => {
    const { sources } = volume({ tls: { ...tls, clientAuthority: SecretKey.of('clients', 'authority.pem') } }).projected;
    expect(sources[1]).toEqual({ secret: { name: 'clients', items: [{ key: 'authority.pem', path: 'client-ca.crt' }] } });
  });

  test.each([
    ['HTTPS', tls],
    ['HTTP', undefined],
  ])('are asked for their health by %s', (scheme, given) => {
    const [{ startupProbe, livenessProbe, readinessProbe }] = containers({ tls: given });
    expect([startupProbe, livenessProbe, readinessProbe].map((probe) => probe.httpGet.scheme)).toEqual([scheme, scheme, scheme]);
  });

  test('without encryption have nothing of it', () => {
    expect(volume({})).toBeUndefined();
    expect(JSON.stringify(pod())).not.toMatch(/\/etc\/tls|MEMBERS_SSLMODE|RESTAPI_USERNAME/);
    expect(tlsConfiguration(planOf())).toBeUndefined();
  });

  test.each<[string, Partial<HaPostgresProps>, string]>([
    ['each other', {}, 'verify-ca'],
    ['a cluster of another authority as far as it can', { standbyOf: { host: 'db.example' } }, 'prefer'],
  ])('trust %s', (_, props, mode) => {
    for (const container of containers({ tls, ...props })) expect(variable(container, 'MEMBERS_SSLMODE')).toBe(mode);
  });

  test('have the password of the REST API as a file, and its user', () => {
    const restApi = { restApi: login('restapi') };
    const credentials = pod({ patroni: restApi }).spec.volumes.find((v: Json) => v.name === 'credentials');
    expect(credentials.projected.sources[0].secret.items).toContainEqual({ key: 'restapi', path: 'restapi' });
    for (const container of containers({ patroni: restApi })) expect(variable(container, 'RESTAPI_USERNAME')).toBe('patroni');
    const [named] = containers({ patroni: { restApi: { username: 'operator', ...login('restapi') } } });
    expect(variable(named, 'RESTAPI_USERNAME')).toBe('operator');
  });
});

describe('the configuration', () => {
  test('of a member that has no certificate, in a rolling update, is as if there were none', () => {
    expect(localConfiguration(planOf({ tls: { certificate: SECRET } }))).toBe(localConfiguration(planOf()));
  });

  test("turns on PostgreSQL's encryption and that of Patroni's REST API, by the mounted files", () => {
    const { restapi, ctl, postgresql } = overlay();
    const files = { certfile: '/etc/tls/tls.crt', keyfile: '/etc/tls/tls.key' };
    expect([restapi, ctl]).toEqual([files, { ...files, insecure: true, cacert: '/etc/tls/ca.crt' }]);
    expect(postgresql.parameters).toEqual({
      ssl: 'on',
      ssl_cert_file: '/etc/tls/tls.crt',
      ssl_key_file: '/etc/tls/tls.key',
      ssl_ca_file: '/etc/tls/client-ca.crt',
      ssl_min_protocol_version: 'TLSv1.2',
    });
    const { replication, rewind } = postgresql.authentication;
    expect([replication, rewind]).toEqual([{ sslrootcert: '/etc/tls/ca.crt' }, { sslrootcert: '/etc/tls/ca.crt' }]);
  });

  test("leaves the user's own least version alone, which is in the dynamic configuration", () => {
    const { parameters } = overlay({ postgresql: { parameters: { ssl_min_protocol_version: 'TLSv1.3' } } }).postgresql;
    expect(Object.keys(parameters)).not.toContain('ssl_min_protocol_version');
  });

  test.each([
    [true, 'hostssl all all all scram-sha-256'],
    [false, 'host all all all scram-sha-256'],
  ])('lets members in by TLS only; clients where that is required (%s)', (requireSsl, clients) => {
    const lines: string[] = overlay({ tls: { certificate: SECRET, requireSsl } }).postgresql.pg_hba;
    expect(lines.slice(2)).toEqual([
      'hostssl replication replicator all scram-sha-256',
      'hostssl postgres rewind all scram-sha-256',
      clients,
    ]);
  });

  test("takes the user's lines as they are", () => {
    const lines: string[] = overlay({ postgresql: { pgHba: ['hostssl shop shop 10.0.0.0/8 cert'] } }).postgresql.pg_hba;
    expect(lines.slice(4)).toEqual(['hostssl shop shop 10.0.0.0/8 cert']);
  });
});
