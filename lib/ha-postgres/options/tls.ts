import type { CertificateSource, SecretKey } from '../../platform';

/** Encryption of PostgreSQL and of Patroni's REST API. A renewed certificate is taken up without a restart. */
export interface TlsOptions {
  /** The servers' certificate, for the names of all Services, as `primary.host` has that of the leader's. Its `ca.crt` has to hold the authority's root. */
  readonly certificate: CertificateSource;
  /** Authority that clients' certificates are verified by, where `pgHba` asks for them (`clientcert`, `cert`). @default - `ca.crt` of the certificate */
  readonly clientAuthority?: SecretKey;
  /** Refuses clients that do not encrypt. Members always encrypt. @default true */
  readonly requireSsl?: boolean;
}

/** Who may change anything through Patroni's REST API. */
export interface RestApiOptions {
  /** Without a colon. @default 'patroni' */
  readonly username?: string;
  /** Asked for by everything that changes something; probes and metrics stay open. A changed one is taken up without a restart. */
  readonly password: SecretKey;
}
