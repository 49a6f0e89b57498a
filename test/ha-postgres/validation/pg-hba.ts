import { CertificateSource, Image } from '../../../lib';
import { DIGEST } from '../../support';
import type { Refusal, Rules } from './rules';

const hba = (...pgHba: string[]) => ({ postgresql: { pgHba } });

/** Lines that PostgreSQL cannot read, and what they should be. */
const WRONG: [line: string, expected: string][] = [
  ['', 'a line that begins with one of local, host, hostssl'],
  ['garbage', 'a line that begins with one of local, host, hostssl'],
  ['Host all all all md5', 'a line that begins with one of local, host, hostssl'],
  ["include 'more.conf'", 'a line that begins with one of local, host, hostssl'],
  ['include_dir more', 'a line that begins with one of local, host, hostssl'],
  ['host all all all trust\nlocal all all trust', 'one line of pg_hba.conf an element'],
  ['# a comment\nlocal all all trust', 'one line of pg_hba.conf an element'],
  ['host all all all md5 \\ ', 'one line of pg_hba.conf an element'],
  ['host "all all all md5', 'a line whose quotes end'],
  ['host @databases all all md5', 'a line that names databases and users itself'],
  ['host all shop,@users all md5', 'a line that names databases and users itself'],
  ['host all all scram-sha-256', 'a line with all its fields: host database user address method'],
  ['host all, all all md5', 'a line with all its fields: host database user address method'],
  ['local all all', 'a line with all its fields: local database user method'],
  ['local all # all peer', 'a line with all its fields: local database user method'],
  ['host all all 10.0.0.0/33 md5', "a line whose address has a length that fits, as '10.20.0.0/16'"],
  ['host all all 10.0.0.7 md5', "a line whose address has its length, as '10.0.0.7/32', or a mask"],
  ['host all all fd00::7 255.255.0.0 md5', "a line whose address has its length, as 'fd00::7/128', or a mask"],
  ['host all all 10.0.0.0/8 255.0.0.0 md5', 'a line whose method is one of trust, reject, scram-sha-256'],
  ['host all all all scram-sha-265', 'a line whose method is one of … and not scram-sha-265'],
  ['host all all all sspi', 'a line whose method is one of … and not sspi'],
  ['host all all all oauth', 'a line whose method is one of … and not oauth'],
  ['host all all all peer', 'a line that begins with local where the method is peer'],
  ['host all all all cert', 'a line that begins with hostssl where the method is cert'],
  ['local all all gss', 'a line that begins with host or hostssl'],
  ['host all all all md5 please', 'a line with nothing but options as name=value behind the method, and not please'],
];

export const pgHba: Rules = {
  refused: [
    ...WRONG.map(
      ([line, expected]): Refusal => [
        `pgHba: ${JSON.stringify(line)}`,
        'PgHbaLineInvalid',
        hba(line),
        `postgresql.pgHba is ${JSON.stringify(line)}, but must be ${expected}`,
      ],
    ),
    ...['ldap ldapserver=x ldapbindpasswd=hunter2', 'ldap "ldapbindpasswd"=hunter2', 'radius radiusservers=x radiussecrets="hunter2"'].map(
      (method): Refusal => [
        'pgHba: a password in a line',
        'PgHbaSecret',
        hba(`host all all all ${method}`),
        'postgresql.pgHba is "(not shown)", but must be without ldapbindpasswd and radiussecrets',
      ],
    ),
  ],
  warned: [
    [
      'pgHba: a server that the policy closes',
      'PgHbaServerClosed',
      hba('host all +readers .example.com ldap ldapserver=ldap.example ldapprefix="cn=" ldapsuffix=", dc=example, dc=net"'),
      'opens no way to that server',
    ],
    ['pgHba: no password', 'PgHbaTrust', hba('host all all 10.0.0.0/8 trust'), "has 'host all all 10.0.0.0/8 trust'", 'no password'],
    ['pgHba: a password to be read', 'PgHbaCleartext', hba('host all all all password'), "has 'host all all all password'", 'clear text'],
  ],
  accepted: [
    [
      'pgHba: whatever PostgreSQL reads',
      hba(
        '# clients',
        '  # and an empty comment: #',
        'local all all peer',
        'host shop shop 10.0.0.0/8 scram-sha-256 # of the shop',
        'host  all\tall  10.0.0.0  255.0.0.0  md5',
        'host all all fd00::/8 reject',
        'hostnossl "my shop","a#b", c "all","x y" samenet scram-sha-256',
        'hostgssenc all all all gss include_realm=0',
        'host replication /^standby.*$ 10.0.0.7/32 scram-sha-256',
      ),
    ],
    ['pgHba: certificates', { ...hba('hostssl all all all cert map=x'), tls: { certificate: CertificateSource.secret('orders-tls') } }],
    [
      'pgHba: what came with PostgreSQL 18',
      { ...hba('host all all all oauth issuer=https://x scope=y'), postgresVersion: 18, image: Image.of('x', { digest: DIGEST }) },
    ],
  ],
};
