import { BackupTarget, CertificateSource, type HaPostgresProps, SecretKey } from '../../../lib';

const keys = { accessKey: SecretKey.of('store', 'id'), secretKey: SecretKey.of('store', 'secret') };

/** With everything that an alert is about. */
export const FULL: Partial<HaPostgresProps> = {
  durability: 'sync',
  tls: { certificate: CertificateSource.certManager({ issuer: 'ca' }) },
  backups: {
    repository: BackupTarget.s3({ bucket: 'backups', region: 'us-east-1', path: '/orders/1', credentials: keys }),
    certificate: CertificateSource.certManager({ issuer: 'ca' }),
    retention: { full: 2 },
  },
  monitoring: { scrapedBy: { namespace: 'monitoring' } },
};
