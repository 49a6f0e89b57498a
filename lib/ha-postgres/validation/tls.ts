import type { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { seconds } from '../../internal/quantity';
import { type Refuse, refuser } from '../../internal/refuse';
import { CertificateSource, SecretKey } from '../../platform';
import type { HaPostgresProps } from '../props';

/** Encryption, and who may change anything through Patroni's REST API. */
export function encryption(scope: IConstruct, props: HaPostgresProps): void {
  const refuse = refuser(scope);
  const { tls } = props;
  if (tls) {
    if (!CertificateSource.isCertificateSource(tls.certificate)) {
      refuse(
        'TlsCertificateMissing',
        'tls.certificate',
        tls.certificate,
        "where the certificate comes from, as CertificateSource.certManager({ issuer: 'ca' }) or CertificateSource.secret('orders-tls')",
      );
    }
    if (tls.clientAuthority !== undefined && !SecretKey.isSecretKey(tls.clientAuthority)) {
      refuse(
        'AuthorityInvalid',
        'tls.clientAuthority',
        tls.clientAuthority,
        "a reference to a Secret, as SecretKey.of('clients', 'ca.crt')",
      );
    }
    const { duration, renewBefore } = tls.certificate.issuer ?? {};
    validity(refuse, 'tls.certificate', duration, renewBefore);
  }
  clientLines(refuse, props);
  restApi(refuse, props);
}

/** What cert-manager's own webhook would refuse, when all else is already applied. */
function validity(refuse: Refuse, prop: string, duration: Duration | undefined, renewBefore: Duration | undefined): void {
  const least = (part: string, value: Duration | undefined, minutes: number) => {
    if (value !== undefined && (typeof value.toMilliseconds !== 'function' || seconds(value) < 60 * minutes)) {
      refuse('CertificateTimeInvalid', `${prop}.${part}`, value, `a Duration of at least ${minutes} minutes, as cert-manager demands`);
    }
  };
  least('duration', duration, 60);
  least('renewBefore', renewBefore, 5);
  if (renewBefore && seconds(renewBefore) >= (duration ? seconds(duration) : 90 * 24 * 3600)) {
    refuse(
      'CertificateTimeInvalid',
      `${prop}.renewBefore`,
      renewBefore,
      'shorter than duration (90 days unless given), or it is always renewed',
    );
  }
}

/** Lines of `pgHba` say themselves who must encrypt. */
function clientLines(refuse: Refuse, { tls, postgresql }: HaPostgresProps): void {
  for (const line of postgresql?.pgHba ?? []) {
    const [kind = '', ...fields] = line.trim().split(/\s+/);
    if (kind === 'hostssl' && !tls) {
      refuse(
        'PgHbaNeedsTls',
        'postgresql.pgHba',
        line,
        'a line that begins with host, or tls given: without a certificate nobody can match it',
      );
    }
    if (tls && tls.requireSsl !== false && /^host(nossl)?$/.test(kind) && !fields.includes('reject')) {
      refuse(
        'PgHbaUnencrypted',
        'postgresql.pgHba',
        line,
        'a line that begins with hostssl, or one that rejects, or tls.requireSsl: false, since it lets clients in that do not encrypt',
      );
    }
  }
}

function restApi(refuse: Refuse, { patroni, credentials, roles = [] }: HaPostgresProps): void {
  const given = patroni?.restApi;
  if (!given) return;
  const { username = 'patroni', password } = given;
  if (!/^[\w.@-]+$/.test(username)) {
    refuse('RestApiUsernameInvalid', 'patroni.restApi.username', username, "letters, digits, '_', '.', '@' and '-'");
  }
  if (!SecretKey.isSecretKey(password)) {
    refuse(
      'PasswordLiteral',
      'patroni.restApi.password',
      '(not shown)',
      "a reference to a Secret, as SecretKey.of('orders-postgres', 'restapi')",
    );
  }
  const logins = [credentials.superuser, credentials.replication, credentials.rewind, ...roles];
  if (logins.some((login) => String(login.password) === String(password))) {
    refuse('PasswordShared', 'patroni.restApi.password', String(password), 'a Secret key of its own: a login of PostgreSQL uses that one');
  }
}
