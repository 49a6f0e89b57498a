import { Duration } from 'cdk8s';
import { seconds } from '../../../internal/quantity';
import type { CertManagerOptions } from '../../../platform';
import type { HaPostgresPlan } from '../../plan';
import type { Alert } from '../alert';

const DAY = 86_400;

/** Whether certificates of cert-manager are renewed; of Secrets that are given, nothing here knows the end. */
export function certificateAlerts(plan: HaPostgresPlan): Alert[] {
  const { tls, backups } = plan.props;
  const made: [string, CertManagerOptions | undefined][] = [
    [plan.names.tls, tls?.certificate.issuer],
    [plan.names.backups.certificate, backups?.certificate.issuer],
  ];
  const renewed = made.flatMap(([name, issuer]) => (issuer ? [{ name, issuer }] : []));
  if (renewed.length === 0) return [];
  return [
    {
      name: 'PostgresCertificateExpires',
      expr: renewed.map(({ name, issuer }) => `${expiration(plan, name)} - time() < ${left(issuer)}`).join('\nor '),
      for: 3600,
      severity: 'warning',
      summary: 'certificate {{ $labels.name }} ends in {{ $value | humanizeDuration }}',
      description: 'cert-manager should have renewed it by now; when it has ended, whoever verifies it refuses to connect.',
      runbook: '`kubectl describe certificate {{ $labels.name }}` says what keeps cert-manager from it.',
    },
  ];
}

/** Seconds that may be left: 14 days, but a certificate of a shorter life has less than that all the time. */
function left({ duration = Duration.days(90), renewBefore }: CertManagerOptions): number {
  const renewed = renewBefore ? seconds(renewBefore) : seconds(duration) / 3; // cert-manager's own
  return Math.floor(Math.min(14 * DAY, renewed / 2));
}

/** cert-manager's own label `namespace` arrives as `exported_namespace` where Prometheus does not honor labels. */
function expiration({ namespace }: HaPostgresPlan, name: string): string {
  const of = (...more: string[]) => `certmanager_certificate_expiration_timestamp_seconds{${[`name="${name}"`, ...more].join(',')}}`;
  if (!namespace) return of();
  return `(${of(`exported_namespace="${namespace}"`)} or ${of(`namespace="${namespace}"`, 'exported_namespace=""')})`;
}
