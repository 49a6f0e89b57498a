import {
  type CertificateSpec,
  CertificateSpecPrivateKeyAlgorithm,
  CertificateSpecPrivateKeyRotationPolicy,
  CertificateSpecUsages,
} from '../../imports/cert-manager.io';
import type { CertManagerOptions } from '../platform';
import { seconds } from './quantity';

/** What cert-manager is asked for: a certificate of a server that is also a client of its equals, with a new key at each renewal. */
export function certificateSpec(
  { issuer: name, kind = 'Issuer', group = 'cert-manager.io', duration, renewBefore }: CertManagerOptions,
  secretName: string,
  commonName: string,
  dnsNames: string[],
): CertificateSpec {
  return {
    secretName,
    issuerRef: { name, kind, group },
    commonName,
    dnsNames,
    usages: [CertificateSpecUsages.SERVER_AUTH, CertificateSpecUsages.CLIENT_AUTH],
    privateKey: {
      algorithm: CertificateSpecPrivateKeyAlgorithm.ECDSA,
      size: 256,
      rotationPolicy: CertificateSpecPrivateKeyRotationPolicy.ALWAYS,
    },
    ...(duration && { duration: `${seconds(duration)}s` }),
    ...(renewBefore && { renewBefore: `${seconds(renewBefore)}s` }),
  };
}
