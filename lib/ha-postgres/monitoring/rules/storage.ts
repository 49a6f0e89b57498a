import { mebibytes } from '../../../internal/quantity';
import { memoryParameter } from '../../parameters';
import type { HaPostgresPlan } from '../../plan';
import { claims } from '../../volumes';
import { type Alert, soon } from '../alert';
import type { RulesPlan } from '../plan';
import { BY_POD, memberSeries, namespaceSeries } from '../promql';

const MIB = 1024 * 1024;
const DAY = 86_400;

/** Whether volumes fill. */
export function storageAlerts(plan: HaPostgresPlan, rules: RulesPlan): Alert[] {
  return [...volumes(plan, rules), ...(plan.monitoring?.exporter ? writeAheadLog(plan, rules) : [])];
}

/** Of the kubelet, which knows the size of most kinds of volumes, though not of all. */
function volumes(plan: HaPostgresPlan, rules: RulesPlan): Alert[] {
  const of = namespaceSeries(plan);
  const names = claims(plan).map((claim) => claim.metadata?.name ?? '');
  const claimed = (of: string[]) => `persistentvolumeclaim=~"(${of.join('|')})-${plan.names.statefulSet}-[0-9]+"`;
  const use = (selector: string) =>
    `${of('kubelet_volume_stats_used_bytes', selector)} / ${of('kubelet_volume_stats_capacity_bytes', selector)}`;
  const growing = claimed(names.filter((name) => name !== plan.volumes.walClaim)); // the log shrinks at every checkpoint: it has no trend
  return [
    {
      name: 'PostgresVolumeFull',
      expr: `${use(claimed(names))} > ${rules.volumeUse}`,
      for: 300,
      severity: 'critical',
      summary: 'volume {{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full',
      description: 'A full volume stops PostgreSQL.',
      runbook: 'Grow the claim of each member, as the README says under "Changing things later".',
    },
    {
      name: 'PostgresVolumeFullSoon',
      expr: [
        `predict_linear(${of('kubelet_volume_stats_available_bytes', growing)}[6h], ${DAY}) < 0`,
        `and on (namespace, persistentvolumeclaim) ${use(growing)} > 0.5`,
      ].join('\n'),
      for: 3600,
      severity: 'warning',
      summary: 'volume {{ $labels.persistentvolumeclaim }} will be full within a day',
      description: 'It fills as fast as in the last six hours.',
      runbook: 'Find out what grows, or grow the claim of each member before that.',
    },
  ];
}

function writeAheadLog(plan: HaPostgresPlan, rules: RulesPlan): Alert[] {
  const of = memberSeries(plan);
  const { walStorage, storage } = plan.props;
  const volume = mebibytes((walStorage ?? storage).size) * MIB;
  const filling = Math.floor(volume * rules.walVolumeUse);
  const retained = Math.floor(slots(plan, volume) / 2);
  return [
    ...(walStorage
      ? [
          {
            name: 'PostgresWalVolumeFilling',
            expr: `max ${BY_POD} (${of('pg_wal_size_bytes')}) > ${filling}`,
            for: soon(plan),
            severity: 'critical' as const,
            summary: '{{ $labels.pod }} holds {{ $value | humanize1024 }}B of write-ahead log',
            description: `More than checkpoints leave there: it is kept for the archive or for a replica, and fills its volume of ${volume} bytes.`,
            runbook: 'See whether archiving fails or a replica lags; when the volume is full, PostgreSQL stops.',
          },
        ]
      : []),
    {
      name: 'PostgresSlotRetainsWal',
      expr: [
        `max by (namespace, cluster, pod, slot_name) (${of('pg_replication_slots_pg_wal_lsn_diff')}) > ${retained}`,
        `and on (pod, slot_name) ${of('pg_replication_slots_active')} == 0`,
      ].join('\n'),
      for: 600,
      severity: 'warning',
      summary: 'slot {{ $labels.slot_name }} on {{ $labels.pod }} keeps {{ $value | humanize1024 }}B of log for nobody',
      description: 'Nobody reads from it. It loses its place when it keeps as much again; then its replica has to be copied anew.',
      runbook: 'Bring its reader back; a slot of nobody is dropped with `SELECT pg_drop_replication_slot(…)`.',
    },
  ];
}

/** Bytes that a slot may retain: `max_slot_wal_keep_size`, or without a limit the volume. */
function slots({ parameters }: HaPostgresPlan, volume: number): number {
  const limit = memoryParameter(parameters.max_slot_wal_keep_size, 1024);
  return limit === undefined ? volume : Math.min(limit * MIB, volume);
}
