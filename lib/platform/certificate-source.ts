import type { Duration } from 'cdk8s';

/** Which cert-manager Issuer signs, and for how long. */
export interface CertManagerOptions {
  /** Name of the Issuer or ClusterIssuer. */
  readonly issuer: string;
  /** @default 'Issuer' */
  readonly kind?: 'Issuer' | 'ClusterIssuer';
  /** API group of the issuer. @default 'cert-manager.io' */
  readonly group?: string;
  /** How long a certificate is good for. @default - cert-manager's own, 90 days */
  readonly duration?: Duration;
  /** How long before its end it is renewed. @default - cert-manager's own, a third of `duration` */
  readonly renewBefore?: Duration;
}

/** Where a certificate comes from: a Secret of type `kubernetes.io/tls` that exists, or one that cert-manager makes and renews. */
export class CertificateSource {
  /** A Secret with `tls.crt`, `tls.key` and `ca.crt`, the authority that peers are verified by. */
  public static secret(secretName: string): CertificateSource {
    return new CertificateSource(secretName, undefined);
  }

  /** A cert-manager Certificate, emitted beside what uses it. */
  public static certManager(options: CertManagerOptions): CertificateSource {
    return new CertificateSource(undefined, options);
  }

  /** Whether it is one, from whichever copy of this package. */
  public static isCertificateSource(value: unknown): value is CertificateSource {
    const { secretName, issuer } = (value ?? {}) as CertificateSource;
    return typeof secretName === 'string' || typeof issuer?.issuer === 'string';
  }

  private constructor(
    /** The Secret that exists, or undefined where cert-manager makes one. */
    public readonly secretName: string | undefined,
    /** Who signs, or undefined where the Secret exists. */
    public readonly issuer: CertManagerOptions | undefined,
  ) {}
}
