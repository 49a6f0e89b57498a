import { Duration } from 'cdk8s';
import { Image, SecretKey } from '../../../lib';
import { DIGEST, login, minimalBackups } from '../../support';
import type { Given, Rules } from './rules';

const scrapedBy = { namespace: 'monitoring' };
const pinned = Image.of('registry.example/exporter', { tag: 'v0.20.1', digest: DIGEST });
/** Nothing to warn about, but for what is given. */
const monitoring = (options: Given = {}, props: Given = {}) => ({
  monitoring: { scrapedBy, exporter: { image: pinned }, rules: false, ...options },
  patroni: { restApi: { password: SecretKey.of('orders-postgres', 'rest-api') } },
  ...props,
});
const exporter = (options: Given) => monitoring({ exporter: { image: pinned, ...options } });
/** Full backups monthly, incremental ones on five days a week. */
const scheduled = (given: Given) => ({
  namespace: 'shop',
  before: undefined,
  props: { ...thresholds(given), backups: { ...minimalBackups(), schedules: { full: '0 1 1 * *', incremental: '0 2 * * 2-6' } } },
});
const thresholds = (given: Given) => monitoring({ rules: { thresholds: given } });

export const monitoringRules: Rules = {
  refused: [
    [
      'monitoring: somebody scrapes',
      'ScraperMissing',
      monitoring({ scrapedBy: undefined }),
      "monitoring.scrapedBy is missing, but must be given, as { namespace: 'monitoring' }",
    ],
    [
      'monitoring: who scrapes is a peer',
      'PeerEmpty',
      monitoring({ scrapedBy: {} }),
      'monitoring.scrapedBy is {}, but must be a kplus workload',
    ],
    [
      '6.6/23: who scrapes is no member',
      'PodWouldBeMember',
      monitoring({ scrapedBy: { podLabels: { application: 'patroni', 'cluster-name': 'orders' } } }),
      'monitoring.scrapedBy.podLabels is {"application":"patroni","cluster-name":"orders"}, but must be without the labels',
    ],
    [
      'monitoring: too often',
      'ScrapeIntervalInvalid',
      monitoring({ podMonitor: { interval: Duration.seconds(4) } }),
      'monitoring.podMonitor.interval is 4 seconds, but must be whole seconds, from 5 seconds to 2 minutes',
    ],
    [
      'monitoring: too seldom for the alerts',
      'ScrapeIntervalInvalid',
      monitoring({ podMonitor: { interval: Duration.seconds(121) } }),
      'monitoring.podMonitor.interval is 2 minutes 1 second, but must be … the alerts look at five minutes',
    ],
    [
      'monitoring: an interval is a Duration',
      'DurationInvalid',
      monitoring({ podMonitor: { interval: 30 } }),
      'monitoring.podMonitor.interval is 30, but must be a Duration',
    ],
    ...(['replicationLag', 'backupAge', 'fullBackupAge'] as const).map((name): Rules['refused'][number] => [
      `monitoring: ${name} is a Duration`,
      'DurationInvalid',
      thresholds({ [name]: '1h' }),
      `monitoring.rules.thresholds.${name} is "1h", but must be a Duration`,
    ]),
    ...(
      [
        ['volumeUse', 0],
        ['walVolumeUse', 100],
        ['connections', '80%'],
      ] as const
    ).map(([name, value]): Rules['refused'][number] => [
      `monitoring: ${name} is a percentage`,
      'PercentInvalid',
      thresholds({ [name]: value }),
      `monitoring.rules.thresholds.${name} is ${JSON.stringify(value)}, but must be a percentage from 1 to 99`,
    ]),
    [
      'monitoring: where runbooks are',
      'RunbookUrlInvalid',
      monitoring({ rules: { runbookUrl: 'wiki' } }),
      'monitoring.rules.runbookUrl is "wiki", but must be an address to which an alert\'s name is appended',
    ],
    ...['https://', 'https://wiki example/', 'https://wiki.example/{{ $labels.pod }}/', 'https://wiki.example:port/'].map(
      (runbookUrl): Rules['refused'][number] => [
        `monitoring: no address, ${runbookUrl}`,
        'RunbookUrlInvalid',
        monitoring({ rules: { runbookUrl } }),
        `monitoring.rules.runbookUrl is ${JSON.stringify(runbookUrl)}, but must be an address`,
      ],
    ),
    [
      '6.6/15: the role of the exporter is its own',
      'RoleNameTaken',
      monitoring({}, { roles: [{ name: 'readers' }, { name: 'monitor' }] }),
      'roles[1].name is "monitor", but must be another name: that is the role of the exporter',
    ],
    [
      '6.6/15: the role of the exporter is none of the logins',
      'RoleNameTaken',
      monitoring(
        {},
        {
          credentials: {
            superuser: { username: 'monitor', ...login('superuser') },
            replication: login('replication'),
            rewind: login('rewind'),
          },
        },
      ),
      'credentials.superuser.username is "monitor", but must be another name',
    ],
    [
      'monitoring: port and names stay',
      'ExporterArgTaken',
      exporter({ args: ['--no-collector.locks', '--web.listen-address=:9999'] }),
      'monitoring.exporter.args is "--web.listen-address=:9999", but must be arguments that leave port, path and names of the metrics as they are',
    ],
    [
      "6.6/14: the exporter's image",
      'ImageLatest',
      exporter({ image: Image.of('registry.example/exporter', { tag: 'latest' }) }),
      'monitoring.exporter.image.tag is "latest", but must be a tag that names a version',
    ],
    [
      '6.6/14: an exporter without a shell',
      'ExporterWithoutShell',
      exporter({ image: Image.of('registry.example/exporter', { tag: 'v0.20.1-distroless', digest: DIGEST }) }),
      'monitoring.exporter.image is … but must be one with sh, as the tag without -distroless',
    ],
    [
      "6.6/24: a sidecar named as the exporter's container",
      'SidecarNameTaken',
      monitoring({}, { pod: { sidecars: [{ image: 'x:1', name: 'exporter' }] } }),
      'pod.sidecars is "exporter", but must be a container name other than patroni, agent, exporter',
    ],
  ],
  warned: [
    [
      'monitoring: who scrapes may change',
      'RestApiScraped',
      monitoring({}, { patroni: {} }),
      'monitoring.scrapedBy reaches port 8008',
      'give patroni.restApi a password',
    ],
    [
      'monitoring: an alert between backups',
      'AlertBetweenBackups',
      scheduled({ backupAge: Duration.hours(71) }),
      'monitoring.rules.thresholds.backupAge is 2 days 23 hours',
      'leaves 3 days between two',
    ],
    [
      'monitoring: an alert between full backups',
      'AlertBetweenBackups',
      scheduled({ fullBackupAge: Duration.days(30) }),
      'monitoring.rules.thresholds.fullBackupAge is 30 days',
      'leaves 31 days between two',
    ],
    ['monitoring: no namespace', 'AlertsOfAllNamespaces', monitoring({ rules: {} }), 'the chart has no namespace', "named 'orders'"],
  ],
  accepted: [
    ['monitoring: nothing to say', monitoring()],
    ['monitoring: rules in a namespace', { namespace: 'shop', before: undefined, props: monitoring({ rules: {} }) }],
    ['monitoring: alerts as old as schedules let backups be', scheduled({ backupAge: Duration.days(3), fullBackupAge: Duration.days(31) })],
    ['monitoring: the ends of the intervals', monitoring({ podMonitor: { interval: Duration.minutes(2) } })],
    [
      'monitoring: no exporter, and its names are free',
      monitoring({ exporter: false }, { roles: [{ name: 'monitor' }], pod: { sidecars: [{ image: 'x:1', name: 'exporter' }] } }),
    ],
  ],
};
