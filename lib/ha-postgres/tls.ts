import type { CertificateProps } from '../../imports/cert-manager.io';
import type { HaPostgresNames, HaPostgresPlan } from './plan';
import type { PodPart } from './pod-part';
import type { HaPostgresProps } from './props';

/** Where the certificate is, and what is asked of clients. */
export interface TlsPlan {
  /** Secret with `tls.crt`, `tls.key` and `ca.crt`. */
  readonly secretName: string;
  readonly requireSsl: boolean;
}

export function planTls(props: HaPostgresProps, names: HaPostgresNames): TlsPlan | undefined {
  if (!props.tls) return undefined;
  const { certificate, requireSsl = true } = props.tls;
  return { secretName: certificate.secretName ?? names.tls, requireSsl };
}

/** Nothing where the Secret exists already. */
export function certificate(_plan: HaPostgresPlan): CertificateProps | undefined {
  return undefined;
}

/** The certificate in the members' pods. */
export function tlsPart(_plan: HaPostgresPlan): PodPart {
  return {};
}

/** Patroni's sections `restapi` and `ctl`. */
export function restApi(_plan: HaPostgresPlan): object {
  return {};
}

/** PostgreSQL's parameters, in the part of the configuration that follows the file. */
export function tlsParameters(_plan: HaPostgresPlan): Record<string, string> {
  return {};
}
