import type { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isDnsName } from '../../internal/names';
import { seconds } from '../../internal/quantity';
import { oneOf, type Refuse, refuser } from '../../internal/refuse';
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
    certificateSource(refuse, 'tls.certificate', tls.certificate);
  }
  restApi(refuse, props);
}

/** A certificate, for PostgreSQL or for backups: what the API server or cert-manager would refuse when all else is already applied. */
export function certificateSource(refuse: Refuse, prop: string, { secretName, issuer: options }: CertificateSource): void {
  if (secretName !== undefined && !isDnsName(secretName))
    refuse('CertificateSecretInvalid', prop, secretName, "the name of a Secret, as CertificateSource.secret('orders-tls')");
  if (!options) return;
  const { issuer, kind, group = 'cert-manager.io', duration, renewBefore } = options;
  if (!isDnsName(issuer)) refuse('IssuerInvalid', `${prop}.issuer`, issuer, "the name of an Issuer or ClusterIssuer, as 'ca'");
  if (group === 'cert-manager.io') oneOf(refuse, `${prop}.kind`, kind, ['Issuer', 'ClusterIssuer']); // other groups have kinds of their own
  validity(refuse, prop, duration, renewBefore);
}

/** What cert-manager's own webhook would refuse, when all else is already applied. */
function validity(refuse: Refuse, prop: string, duration: Duration | undefined, renewBefore: Duration | undefined): void {
  const least = (part: string, value: Duration | undefined, minutes: number) => {
    if (value !== undefined && (typeof (value as Duration | null)?.toMilliseconds !== 'function' || seconds(value) < 60 * minutes)) {
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

function restApi(refuse: Refuse, { patroni, credentials, roles = [], pooler }: HaPostgresProps): void {
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
  const logins = [credentials.superuser, credentials.replication, credentials.rewind, ...roles, ...(pooler ? [pooler.login] : [])];
  if (logins.some((login) => String(login.password) === String(password))) {
    refuse('PasswordShared', 'patroni.restApi.password', String(password), 'a Secret key of its own: a login of PostgreSQL uses that one');
  }
}
