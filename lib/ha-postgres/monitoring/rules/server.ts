import type { HaPostgresPlan } from '../../plan';
import type { Alert } from '../alert';
import type { RulesPlan } from '../plan';
import { BY_POD, memberSeries } from '../promql';

/** Transaction ids are compared modulo 2^32: one may be 2^31 old (PostgreSQL, "Preventing Transaction ID Wraparound Failures"). */
const WRAPAROUND = 2 ** 31;

/** Whether a server has room for more. From the exporter. */
export function serverAlerts(plan: HaPostgresPlan, rules: RulesPlan): Alert[] {
  if (!plan.monitoring?.exporter) return [];
  const of = memberSeries(plan);
  const connections = `sum ${BY_POD} (${of('pg_stat_database_numbackends')}) / max ${BY_POD} (${of('pg_settings_max_connections')})`;
  const age = (of: string) => `max by (namespace, cluster, datname) (${of}) > ${WRAPAROUND / 2}`;
  return [
    {
      name: 'PostgresConnectionsHigh',
      expr: `${connections} > ${rules.connections}`,
      for: 300,
      severity: 'warning',
      summary: '{{ $labels.pod }} uses {{ $value | humanizePercentage }} of its connections',
      description: 'When none is left, clients are refused.',
      runbook: 'Find who holds them in pg_stat_activity; put a pooler in between, or raise `max_connections` (a restart).',
    },
    {
      name: 'PostgresTransactionIdsRunOut',
      expr: `${age(of('pg_database_wraparound_age_datfrozenxid_seconds'))}\nor ${age(of('pg_database_wraparound_age_datminmxid_seconds'))}`,
      for: 600,
      severity: 'critical',
      summary: 'database {{ $labels.datname }} has used half of its transaction ids',
      description: 'Vacuum does not keep up: at {{ $value | humanize }} transactions, of some 2 billion PostgreSQL refuses to write.',
      runbook: 'Look for what holds vacuum back: long transactions, prepared ones, unused slots; then `VACUUM (FREEZE)`.',
    },
    {
      name: 'PostgresExporterDown',
      expr: `${of('pg_up')} == 0\nor ${of('patroni_postgres_running')} unless on (namespace, cluster, pod) ${of('pg_up')}`,
      for: 300,
      severity: 'warning',
      summary: '{{ $labels.pod }} gives no figures of PostgreSQL',
      description: 'The exporter is down or cannot log in: alerts about this member that need it cannot fire.',
      runbook: 'Look at the log of the container exporter; the member itself is not affected.',
    },
  ];
}
