import type { CertificateProps } from '../../../imports/cert-manager.io';
import { certificateSpec } from '../../internal/certificate';
import type { HaPostgresPlan } from '../plan';
import type { BackupsPlan } from './plan';

/** One certificate for members and Jobs: they are equals, and the members know the Jobs by its common name. */
export function certificate(plan: HaPostgresPlan, backups: BackupsPlan): CertificateProps | undefined {
  const { issuer } = backups.options.certificate;
  if (!issuer) return undefined;
  return {
    metadata: plan.kept(plan.names.backups.certificate, 'backup'),
    spec: certificateSpec(issuer, backups.certificateSecret, backups.clientName, [backups.clientName, `*.${plan.names.pods}`]),
  };
}
