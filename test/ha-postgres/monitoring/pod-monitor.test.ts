import { Duration } from 'cdk8s';
import { CertificateSource, type HaPostgresProps, type MonitoringOptions } from '../../../lib';
import { chartWith, type Json, objectOf, objectsOf } from '../../support';

const scrapedBy = { namespace: 'monitoring' };
const chart = (monitoring: Partial<MonitoringOptions> = {}, props: Partial<HaPostgresProps> = {}) =>
  chartWith({ monitoring: { scrapedBy, ...monitoring }, ...props }, 'shop');
const podMonitor = (...given: Parameters<typeof chart>): Json => objectOf(chart(...given), 'PodMonitor', 'orders');
const endpoints = (...given: Parameters<typeof chart>): Json[] => podMonitor(...given).spec.podMetricsEndpoints;

test('finds the members, and nothing else of the instance', () => {
  const members = objectOf(chart(), 'StatefulSet', 'orders').spec;
  expect(podMonitor().spec.selector).toEqual(members.selector);
});

test('scrapes ports that the pods have by these names', () => {
  const ports = objectOf(chart(), 'StatefulSet', 'orders').spec.template.spec.containers.flatMap((c: Json) => c.ports ?? []);
  const number = (name: string) => ports.find((port: Json) => port.name === name)?.containerPort;
  expect(endpoints().map(({ port }) => [port, number(port)])).toEqual([
    ['patroni', 8008],
    ['metrics', 9187],
  ]);
  expect(endpoints({ exporter: false }).map(({ port }) => port)).toEqual(['patroni']);
});

test('every series says which cluster, and nothing that differs between versions', () => {
  for (const { relabelings, path } of endpoints()) {
    expect(path).toBe('/metrics');
    expect(relabelings).toEqual([{ action: 'replace', targetLabel: 'cluster', replacement: 'orders' }]);
  }
  expect(endpoints().map(({ metricRelabelings }) => metricRelabelings)).toEqual([
    [{ action: 'labeldrop', regex: 'scope|name' }],
    [{ action: 'labeldrop', regex: 'server' }],
  ]);
});

test('over TLS, Patroni is verified by the authority of its certificate, the exporter goes without', () => {
  const [patroni, exporter] = endpoints({}, { tls: { certificate: CertificateSource.secret('orders-cert') } });
  expect(patroni).toMatchObject({
    scheme: 'https',
    tlsConfig: { ca: { secret: { name: 'orders-cert', key: 'ca.crt' } }, serverName: 'orders' },
  });
  expect(exporter.scheme).toBe('http');
  expect(endpoints().map(({ scheme }) => scheme)).toEqual(['http', 'http']);
});

test.each([
  [undefined, '30s'],
  [Duration.seconds(5), '5s'],
  [Duration.seconds(90), '90s'],
  [Duration.minutes(2), '2m'],
])('every %s is written %s', (interval, written) => {
  for (const endpoint of endpoints({ podMonitor: { interval } })) expect(endpoint.interval).toBe(written);
});

test('labels choose it; a GitOps tool may remove it', () => {
  const { metadata } = podMonitor({ podMonitor: { labels: { release: 'prometheus' } } });
  expect(metadata.labels).toMatchObject({ release: 'prometheus', 'app.kubernetes.io/instance': 'orders' });
  expect(metadata).not.toHaveProperty('annotations');
});

test('none where not asked for; the alerts stay, for those who scrape otherwise', () => {
  const kinds = objectsOf(chart({ podMonitor: false })).map((o: Json) => o.kind);
  expect(kinds).not.toContain('PodMonitor');
  expect(kinds).toContain('PrometheusRule');
});
