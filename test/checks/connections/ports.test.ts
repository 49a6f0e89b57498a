import { Ports, portKey, protocolOf } from '../../../lib/checks/connections/ports';

const tcp = (from?: number, to?: number) => Ports.range('TCP', from, to);
const udp = (from?: number, to?: number) => Ports.range('UDP', from, to);
const { ALL, NONE } = Ports;
const http = Ports.named('TCP', 'http');

test.each<[Ports, string]>([
  [NONE, 'no port'],
  [ALL, 'all ports'],
  [tcp(1), 'TCP 1'],
  [tcp(), 'TCP any'],
  [tcp(1, 65535), 'TCP any'],
  [tcp(80).or(tcp(443)), 'TCP 80, 443'],
  [tcp(443).or(udp(53)).or(tcp(80)), 'TCP 80, 443; UDP 53'],
  [tcp(80, 90).or(tcp(91)), 'TCP 80-91'],
  [tcp(80, 90).or(tcp(85, 95)), 'TCP 80-95'],
  [tcp().or(udp()), 'TCP any; UDP any'],
  [tcp().or(udp()).or(Ports.range('SCTP')), 'all ports'],
  [tcp(80).or(http), 'TCP 80, http'],
  [tcp(0), 'no port'],
  [tcp(90, 80), 'no port'],
  [tcp(65530, 70000), 'TCP 65530-65535'],
  [tcp(80, 100).minus(tcp(90)), 'TCP 80-89, 91-100'],
  [ALL.minus(tcp(80)), 'TCP 1-79, 81-65535; UDP any; SCTP any'],
  [ALL.minus(ALL), 'no port'],
  [tcp(80).minus(udp(80)), 'TCP 80'],
  [tcp(80, 100).and(tcp(90, 110)), 'TCP 90-100'],
  [tcp(80).and(udp(80)), 'no port'],
  [tcp(80).and(ALL), 'TCP 80'],
  [NONE.and(ALL), 'no port'],
  [http.and(tcp()), 'TCP http'],
  [http.and(tcp(80)), 'no port'],
  [http.minus(tcp()), 'no port'],
  [http.minus(tcp(80)), 'TCP http'],
  [http.or(tcp(80)).minus(http), 'TCP 80'],
  [http.resolved(new Map([[portKey({ protocol: 'TCP', name: 'http' }), tcp(8080)]])), 'TCP 8080'],
  [http.or(udp(53)).resolved(new Map()), 'UDP 53'],
])('%#: %s', (ports, text) => {
  expect(`${ports}`).toBe(text);
});

test('a set covers what is in it', () => {
  expect([tcp().covers(tcp(80)), tcp(80).covers(tcp(80, 81)), ALL.covers(http), NONE.covers(NONE), tcp(80).covers(NONE)]).toEqual([
    true,
    false,
    true,
    true,
    true,
  ]);
});

test('TCP is what no protocol means', () => {
  expect([undefined, null, 'UDP', 'SCTP', 'ICMP', 6].map(protocolOf)).toEqual(['TCP', 'TCP', 'UDP', 'SCTP', undefined, undefined]);
});
