import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { SecretKey } from '../../../lib';
import { minimalBackups } from '../../support';
import type { Given, Refusal, Rules } from './rules';

/** What plain JavaScript lets pass, and the types do not: where, what is shown of it, and what it should be. */
const SHAPES: [code: string, given: Given, prop: string, shown: string, expected: string][] = [
  ['SizeInvalid', { resources: { memory: { limit: 2 } } }, 'resources.memory.limit', '2', 'a Size, as Size.gibibytes(2)'],
  ['SizeInvalid', { resources: { memory: { limit: '2Gi' } } }, 'resources.memory.limit', '"2Gi"', 'a Size'],
  ['CpuInvalid', { resources: { cpu: { request: '500m' } } }, 'resources.cpu.request', '"500m"', 'a Cpu, as Cpu.millis(500)'],
  [
    'CpuInvalid',
    { backups: { ...minimalBackups(), resources: { cpu: { limit: 1 } } } },
    'backups.resources.cpu.limit',
    '1',
    'a Cpu, as Cpu.millis(500)',
  ],
  [
    'SizeInvalid',
    { backups: { ...minimalBackups(), drill: { storage: { size: Size.gibibytes(1) }, resources: { memory: { limit: '1Gi' } } } } },
    'backups.drill.resources.memory.limit',
    '"1Gi"',
    'a Size',
  ],
  ['SizeInvalid', { pooler: { login: {}, resources: { memory: { request: null } } } }, 'pooler.resources.memory.request', 'null', 'a Size'],
  ['OptionsInvalid', { resources: { memory: '2Gi' } }, 'resources.memory', '"(not shown)"', 'an object, in braces, with request, limit'],
  ['OptionsInvalid', { patroni: [] }, 'patroni', '"(not shown)"', 'an object, in braces, with ttl, loopWait'],
  ['OptionsInvalid', { roles: [undefined] }, 'roles[0]', 'missing', 'an object, in braces, with name, password'],
  [
    'OptionsInvalid',
    { credentials: { superuser: 'hunter2' } },
    'credentials.superuser',
    '"(not shown)"',
    'an object, in braces, with username',
  ],
  ['SizeInvalid', { patroni: { maximumLagOnFailover: 5 } }, 'patroni.maximumLagOnFailover', '5', 'a Size'],
  ['SizeInvalid', { pod: { sharedMemory: 64 } }, 'pod.sharedMemory', '64', 'a Size'],
  ['SizeInvalid', { postgresql: { initdb: { walSegmentSize: 16 } } }, 'postgresql.initdb.walSegmentSize', '16', 'a Size'],
  ['DurationInvalid', { monitoring: { podMonitor: { interval: 30 } } }, 'monitoring.podMonitor.interval', '30', 'a Duration'],
  ['ListInvalid', { roles: { name: 'shop' } }, 'roles', '"(not shown)"', 'a list, in brackets'],
  ['ListInvalid', { roles: [{ name: 'shop', memberOf: 'readers' }] }, 'roles[0].memberOf', '"(not shown)"', 'a list, in brackets'],
  ['TextInvalid', { postgresql: { pgHba: [5] } }, 'postgresql.pgHba[0]', '5', 'a text, in quotes'],
  ['TextInvalid', { patroniVersion: 4.1 }, 'patroniVersion', '4.1', 'a text, in quotes'],
  [
    'RecordInvalid',
    { postgresql: { parameters: ['work_mem'] } },
    'postgresql.parameters',
    '"(not shown)"',
    'an object of names and values',
  ],
  ['TextInvalid', { pod: { labels: { tier: 1 } } }, 'pod.labels.tier', '1', 'a text, in quotes'],
  ['BooleanInvalid', { hibernated: 'no' }, 'hibernated', '"no"', 'true or false, without quotes'],
  ['BooleanInvalid', { networkPolicy: { enabled: 0 } }, 'networkPolicy.enabled', '0', 'true or false, without quotes'],
  ['EnvValueInvalid', { pod: { env: { API_TOKEN: 'hunter2' } } }, 'pod.env.API_TOKEN', '"(not shown)"', 'an EnvValue of cdk8s-plus'],
  ['EnvValueInvalid', { pod: { env: { TZ: null } } }, 'pod.env.TZ', '"(not shown)"', 'an EnvValue of cdk8s-plus'],
  ['OptionUnknown', { replicas: 5 }, 'replicas', '5', 'written members: there is no option of that name'],
  ['OptionUnknown', { backup: minimalBackups() }, 'backup', '"(not shown)"', 'written backups: there is no option of that name'],
  ['OptionUnknown', { patroni: { loopwait: 1 } }, 'patroni.loopwait', '1', 'written loopWait'],
  ['OptionUnknown', { roles: [{ name: 'a', pasword: 'hunter2' }] }, 'roles[0].pasword', '"(not shown)"', 'written password'],
  ['OptionUnknown', { tls: { colour: 1 } }, 'tls.colour', '1', 'one of certificate, clientAuthority, requireSsl: there is no option'],
  [
    'OptionUnknown',
    { networkPolicy: { clients: [{ namespace: 'a', podLabel: {} }] } },
    'networkPolicy.clients[0].podLabel',
    '"(not shown)"',
    'written podLabels',
  ],
];

const cpu = (request: number, limit: number) => ({ cpu: { request: kplus.Cpu.millis(request), limit: kplus.Cpu.millis(limit) } });

export const shapes: Rules = {
  refused: [
    ...SHAPES.map(
      ([code, given, prop, shown, expected]): Refusal => [`types: ${prop}`, code, given, `${prop} is ${shown}, but must be ${expected}`],
    ),
    [
      '6.6/11: request <= limit of CPU',
      'CpuRequestTooLarge',
      { resources: { ...cpu(2000, 1500), memory: { limit: Size.gibibytes(2) } } },
      'resources.cpu.request is "2000m", but must be at most the limit, 1500m',
    ],
    [
      '6.6/11: request <= limit of ephemeral storage',
      'MemoryRequestTooLarge',
      { pooler: { login: {}, resources: { ephemeralStorage: { request: Size.gibibytes(2), limit: Size.gibibytes(1) } } } },
      'pooler.resources.ephemeralStorage.request is 2048 MiB, but must be at most the limit, 1024 MiB',
    ],
  ],
  refusedSomehow: [
    ['types: null is no object', { credentials: null }],
    ['types: a Secret without a name', { credentials: { superuser: { password: SecretKey.of(undefined as never, 'key') } } }],
  ],
  accepted: [
    ['types: an option that is undefined, of whatever name', { replicas: undefined, hibernated: undefined }],
    ['types: CPU at its limit', { resources: { ...cpu(1500, 1500), memory: { limit: Size.gibibytes(2) } } }],
    ['types: parts', { patroni: { ttl: Duration.seconds(30) }, pod: { env: { EMPTY: kplus.EnvValue.fromValue('') } } }],
  ],
};
