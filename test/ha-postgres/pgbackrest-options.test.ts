import { join } from 'node:path';
import { BackupTarget, SecretKey } from '../../lib';
import { configMap, ownRepository } from '../../lib/ha-postgres/backups/config';
import type { BackupsPlan } from '../../lib/ha-postgres/backups/plan';
import { minimalBackups, planOf } from '../support';
import { Machine, PGBACKREST } from './scripts/real';

const SCRIPTS = join(__dirname, '../../lib/ha-postgres/scripts');
const minor = Number(PGBACKREST?.split('.')[1]);

const key = (name: string) => SecretKey.of('orders-backup', name);
const S3 = { path: '/orders/1', bucket: 'backups', region: 'eu', endpoint: '127.0.0.1:1' };
const AZURE = { path: '/orders/1', account: 'shop', container: 'backups' };

/** Each kind of repository with all of its options, and since which minor version of pgBackRest 2 it is known. */
const TARGETS: [name: string, target: BackupTarget, since: number][] = [
  [
    'S3 with keys',
    BackupTarget.s3({
      ...S3,
      uriStyle: 'path',
      credentials: { accessKey: key('a'), secretKey: key('b'), sessionToken: key('c') },
      authority: key('ca'),
      kmsKeyId: 'alias/backups',
    }),
    45,
  ],
  ["S3 by the instance's role", BackupTarget.s3({ ...S3, credentials: 'auto' }), 45],
  ['S3 by web identity', BackupTarget.s3({ ...S3, credentials: 'webIdentity' }), 45],
  ['S3 by pod identity', BackupTarget.s3({ ...S3, credentials: 'podIdentity' }), 58],
  ['GCS with a key', BackupTarget.gcs({ path: '/orders/1', bucket: 'backups', credentials: key('gcs') }), 45],
  ['GCS by workload identity', BackupTarget.gcs({ path: '/orders/1', bucket: 'backups', credentials: 'auto' }), 45],
  ['Azure with a key', BackupTarget.azure({ ...AZURE, credentials: { sharedKey: key('a') } }), 45],
  ['Azure with a signature', BackupTarget.azure({ ...AZURE, credentials: { sas: key('a') } }), 45],
  ['Azure by managed identity', BackupTarget.azure({ ...AZURE, credentials: 'auto' }), 58],
  [
    'SFTP',
    BackupTarget.sftp({
      path: '/orders/1',
      host: '127.0.0.1',
      port: 1,
      user: 'backup',
      privateKey: key('k'),
      hostFingerprint: 'ab'.repeat(32),
    }),
    48,
  ],
  ['a volume', BackupTarget.volume({ path: '/orders/1', claimName: 'backups' }), 45],
];

/** What pgBackRest says of an option that it does not know, that is missing, or whose value it does not take. */
const COMPLAINT = /^.*(contains invalid option|ERROR: \[029\]|ERROR: \[03\d\]).*$/gm;

describe(PGBACKREST ? `pgBackRest ${PGBACKREST}` : 'without pgBackRest', () => {
  if (!PGBACKREST) {
    test('what it takes is left to the cluster tests', () => expect(PGBACKREST).toBeUndefined());
    return;
  }
  let machine: Machine;
  beforeEach(() => {
    machine = new Machine();
  });
  afterEach(() => machine.remove());

  /** What it says when it reads a file of the ConfigMap, with something for every option that only a Secret knows. */
  function complaints(repository: BackupTarget, file: string, change = (text: string) => text): string[] {
    const changes = {
      repository,
      encryptionKey: key('passphrase'),
      drill: { storage: {} },
      from: 'standby',
      pgbackrestVersion: PGBACKREST,
    };
    const plan = planOf({ backups: { ...minimalBackups(), ...(changes as object) } });
    const backups = plan.backups as BackupsPlan;
    machine.write('etc/pgbackrest.conf', change(`${configMap(plan, backups).data?.[file]}`).replaceAll('/tmp', machine.folder));
    for (const option of Object.keys(ownRepository(backups).options)) machine.write(`etc/options/${option}`, 'c2VjcmV0\n');
    const make = '. "$1/pgbackrest-config.sh" && pgbackrest_config "$2" "$3"';
    machine.run('bash', ['-c', make, '-', SCRIPTS, machine.path('etc'), machine.path('pgbackrest.conf')]);
    const config = `--config=${machine.path('pgbackrest.conf')}`;
    const { output } = machine.try('pgbackrest', [config, '--stanza=orders', '--io-timeout=1', 'info']);
    return output.match(COMPLAINT) ?? [];
  }

  /** With one line in the place of the one of that option, or else at the end. */
  function instead(text: string, line: string): string {
    const [option = ''] = line.split('=');
    return `${text.replace(new RegExp(`^${option}=.*\\n`, 'm'), '')}${line}\n`;
  }

  test.each(TARGETS.filter(([, , since]) => minor >= since))('knows every option of %s, and misses none', (_, target) => {
    expect(complaints(target, 'job.conf')).toEqual([]);
  });

  test.each(['member.conf', 'job.conf', 'drill.conf'])('knows every option of %s', (file) => {
    expect(complaints(BackupTarget.volume({ path: '/orders/1', claimName: 'backups' }), file)).toEqual([]);
  });

  test.each([
    ['an option that does not exist', 'repo1-s3-colour=blue', "WARN: configuration file contains invalid option 'repo1-s3-colour'"],
    ['a value that is none', 'repo1-cipher-type=rot13', "'rot13' is not allowed for 'repo1-cipher-type' option"],
    ['an option that is missing', 'repo1-type=gcs', 'info command requires option: repo1-gcs-bucket'],
    ['a line that is no option', 'hello', "missing '=' in key/value"],
  ])('would say so of %s', (_, line, expected) => {
    const target = BackupTarget.volume({ path: '/orders/1', claimName: 'backups' });
    expect(complaints(target, 'drill.conf', (text) => instead(text, line)).join()).toContain(expected);
  });
});
