import { Duration } from 'cdk8s';
import { CertificateSource, Endpoint, type HaPostgres, type HaPostgresProps, SecretKey } from '../../../lib';
import { login } from '../../support';
import type { Given, Rules } from './rules';

const certificate = CertificateSource.secret('orders-tls');
const issued = (times: object) => ({ tls: { certificate: CertificateSource.certManager({ issuer: 'ca', ...times }) } });
const restApi = (options: Given) => ({ patroni: { restApi: { ...login('restapi'), ...options } } });
const hba = (line: string, props: Partial<HaPostgresProps> = {}) => ({ postgresql: { pgHba: [line] }, ...props });
const env = (tls: HaPostgresProps['tls'], authorityFile: string) => ({
  props: { roles: [{ name: 'orders', ...login('orders') }], databases: [{ name: 'orders', owner: 'orders' }], tls },
  next: (postgres: HaPostgres) => postgres.connectionEnv('orders', { authorityFile }),
});

export const tls: Rules = {
  refused: [
    [
      '6.6/25: requireSsl with TLS off',
      'TlsCertificateMissing',
      { tls: { requireSsl: true } },
      'tls.certificate is missing, but must be where the certificate comes from, as CertificateSource.certManager',
    ],
    [
      '6.6/25: cert-manager without an issuer',
      'TlsCertificateMissing',
      { tls: { certificate: { issuer: { kind: 'ClusterIssuer' } } } },
      'tls.certificate is {"issuer":{"kind":"ClusterIssuer"}}, but must be where the certificate comes from',
    ],
    [
      'tls: an authority is public, but not text in props',
      'AuthorityInvalid',
      { tls: { certificate, clientAuthority: 'ca.crt' } },
      'tls.clientAuthority is "ca.crt", but must be a reference to a Secret',
    ],
    [
      'tls: cert-manager demands an hour',
      'CertificateTimeInvalid',
      issued({ duration: Duration.minutes(59) }),
      'tls.certificate.duration is 59 minutes, but must be a Duration of at least 60 minutes',
    ],
    [
      'tls: a time is a Duration',
      'CertificateTimeInvalid',
      issued({ duration: '2160h' }),
      'tls.certificate.duration is "2160h", but must be a Duration of at least 60 minutes',
    ],
    [
      'tls: cert-manager demands five minutes',
      'CertificateTimeInvalid',
      issued({ renewBefore: Duration.minutes(4) }),
      'tls.certificate.renewBefore is 4 minutes, but must be a Duration of at least 5 minutes',
    ],
    [
      'tls: renewed for ever',
      'CertificateTimeInvalid',
      issued({ duration: Duration.days(1), renewBefore: Duration.days(1) }),
      'tls.certificate.renewBefore is 1 day, but must be shorter than duration',
    ],
    [
      'tls: renewed for ever, by the default',
      'CertificateTimeInvalid',
      issued({ renewBefore: Duration.days(90) }),
      'tls.certificate.renewBefore is 90 days, but must be shorter than duration',
    ],
    [
      '6.6/25: a Secret without a name',
      'CertificateSecretInvalid',
      { tls: { certificate: CertificateSource.secret('') } },
      'tls.certificate is "", but must be the name of a Secret',
    ],
    [
      '6.6/25: an issuer without a name',
      'IssuerInvalid',
      { tls: { certificate: CertificateSource.certManager({ issuer: '' }) } },
      'tls.certificate.issuer is "", but must be the name of an Issuer or ClusterIssuer',
    ],
    [
      "words: the issuer's kind",
      'ValueUnknown',
      issued({ kind: 'Foo' }),
      `tls.certificate.kind is "Foo", but must be one of 'Issuer', 'ClusterIssuer'`,
    ],
    [
      '6.6/25: hostssl with TLS off matches nobody',
      'PgHbaNeedsTls',
      hba('hostssl all all all scram-sha-256'),
      'postgresql.pgHba is "hostssl all all all scram-sha-256", but must be a line that begins with host, or tls given',
    ],
    [
      '6.6/25: requireSsl, and a line that lets others in',
      'PgHbaUnencrypted',
      hba('host  all all 10.0.0.0/8 scram-sha-256', { tls: { certificate } }),
      'postgresql.pgHba is "host  all all 10.0.0.0/8 scram-sha-256", but must be a line that begins with hostssl',
    ],
    [
      '6.6/25: requireSsl, and a line for those only who do not encrypt',
      'PgHbaUnencrypted',
      hba('hostnossl all all all trust', { tls: { certificate, requireSsl: true } }),
      'postgresql.pgHba is "hostnossl all all all trust", but must be … tls.requireSsl: false',
    ],
    [
      'restApi: a colon ends the name',
      'RestApiUsernameInvalid',
      restApi({ username: 'a:b' }),
      'patroni.restApi.username is "a:b", but must be letters, digits',
    ],
    [
      '6.6/15: a literal password',
      'PasswordLiteral',
      restApi({ password: 'hunter2' }),
      'patroni.restApi.password is "(not shown)", but must be a reference to a Secret',
    ],
    [
      "6.6/15: a login's password for the REST API too",
      'PasswordShared',
      restApi(login('rewind')),
      'patroni.restApi.password is "orders-postgres/rewind", but must be a Secret key of its own',
    ],
    [
      "6.6/15: a role's password for the REST API too",
      'PasswordShared',
      { ...restApi({}), roles: [{ name: 'orders', ...login('restapi') }] },
      'patroni.restApi.password is "orders-postgres/restapi", but must be … a login of PostgreSQL uses that one',
    ],
    [
      'connection: an authority without encryption',
      'TlsOff',
      env(undefined, '/etc/postgres/ca.crt'),
      'connectionEnv(…).authorityFile is "/etc/postgres/ca.crt", but must be left out, since this PostgreSQL does not encrypt',
    ],
    [
      'connection: the file of the authority',
      'PathInvalid',
      env({ certificate }, 'ca.crt'),
      'connectionEnv(…).authorityFile is "ca.crt", but must be the path of a file in the container',
    ],
  ],
  accepted: [
    ['6.6/25: a Secret', { tls: { certificate, clientAuthority: SecretKey.of('clients', 'ca.crt') } }],
    ['tls: an issuer of another group, with a kind of its own', issued({ kind: 'StepIssuer', group: 'certmanager.step.sm' })],
    ['tls: cert-manager, at its least', issued({ duration: Duration.hours(1), renewBefore: Duration.minutes(5) })],
    ['6.6/25: hostssl', hba('hostssl all all all scram-sha-256', { tls: { certificate } })],
    ['6.6/25: a line that rejects', hba('host all all 10.1.0.0/16 reject', { tls: { certificate } })],
    ['6.6/25: host where encryption is not required', hba('host all all all scram-sha-256', { tls: { certificate, requireSsl: false } })],
    ['restApi: a password, and no policy to keep others out', { ...restApi({}), networkPolicy: { enabled: false } }],
    [
      'connection: of a PostgreSQL that exists',
      {
        existing: {
          primary: new Endpoint('db.example', 5432),
          roles: [{ name: 'orders', databases: ['orders'], ...login('orders') }],
          tls: { mode: 'allowed' },
        },
        next: (postgres: HaPostgres) => postgres.connectionEnv('orders', { authorityFile: '/ca.crt' }),
      },
    ],
  ],
};
