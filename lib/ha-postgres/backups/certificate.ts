import {
  type CertificateProps,
  CertificateSpecPrivateKeyAlgorithm,
  CertificateSpecPrivateKeyRotationPolicy,
  CertificateSpecUsages,
} from '../../../imports/cert-manager.io';
import type { HaPostgresPlan } from '../plan';
import type { BackupsPlan } from './plan';

/** One certificate for members and Jobs: they are equals, and the members know the Jobs by its common name. */
export function certificate(plan: HaPostgresPlan, backups: BackupsPlan): CertificateProps | undefined {
  const { issuer } = backups.options.certificate;
  if (!issuer) return undefined;
  const { issuer: name, kind = 'Issuer', group = 'cert-manager.io', duration, renewBefore } = issuer;
  return {
    metadata: plan.metadata(plan.names.backups.certificate, 'backup'),
    spec: {
      secretName: backups.certificateSecret,
      issuerRef: { name, kind, group },
      commonName: backups.clientName,
      dnsNames: [backups.clientName, `*.${plan.names.pods}`],
      usages: [CertificateSpecUsages.SERVER_AUTH, CertificateSpecUsages.CLIENT_AUTH],
      privateKey: {
        algorithm: CertificateSpecPrivateKeyAlgorithm.ECDSA,
        size: 256,
        rotationPolicy: CertificateSpecPrivateKeyRotationPolicy.ALWAYS,
      },
      ...(duration && { duration: `${duration.toSeconds()}s` }),
      ...(renewBefore && { renewBefore: `${renewBefore.toSeconds()}s` }),
    },
  };
}
