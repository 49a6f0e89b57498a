import { Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { BackupTarget, CertificateSource, HaPostgres, type Image, SecretKey } from '../../lib';

export interface LedgerPostgresProps {
  /** The database's image. @default - the library's; pin yours by digest */
  readonly image?: Image;
}

/** A ledger, where no acknowledged row may be lost: synchronous, encrypted, backed up and restored each night, pooled, watched. */
export class LedgerPostgres extends Chart {
  constructor(scope: Construct, id: string, props: LedgerPostgresProps = {}) {
    super(scope, id, { namespace: 'ledger' });
    const login = (key: string) => ({ password: SecretKey.of('ledger-postgres', key) });
    const store = (key: string) => SecretKey.of('ledger-backup', key);
    const authority = CertificateSource.certManager({ issuer: 'ledger', kind: 'ClusterIssuer' });

    const postgres = new HaPostgres(this, 'ledger', {
      image: props.image,
      durability: 'sync',
      credentials: { superuser: login('superuser'), replication: login('replication'), rewind: login('rewind') },
      roles: [
        { name: 'ledger', ...login('ledger') },
        { name: 'auditor', ...login('auditor'), memberOf: ['pg_read_all_data'] },
      ],
      databases: [{ name: 'ledger', owner: 'ledger' }],
      storage: { size: Size.gibibytes(100) },
      walStorage: { size: Size.gibibytes(20) },
      resources: { cpu: { request: kplus.Cpu.units(2) }, memory: { limit: Size.gibibytes(8) } },
      tls: { certificate: authority },
      patroni: { restApi: login('restapi') },
      backups: {
        repository: BackupTarget.s3({
          bucket: 'company-backups',
          path: '/ledger/1',
          region: 'eu-central-1',
          credentials: { accessKey: store('access-key'), secretKey: store('secret-key') },
        }),
        encryptionKey: store('encryption-key'),
        certificate: authority,
        retention: { full: 4 },
        drill: { storage: { size: Size.gibibytes(150) }, database: 'ledger', query: 'SELECT 1 FROM entries LIMIT 1' },
      },
      pooler: { login: login('pooler') },
      monitoring: { scrapedBy: { namespaceLabels: { 'kubernetes.io/metadata.name': 'monitoring' } }, dashboard: {} },
    });
    postgres.allowFrom({ namespaceLabels: { 'kubernetes.io/metadata.name': 'billing' } });
  }
}
