import {
  type PodMonitorProps,
  type PodMonitorSpecPodMetricsEndpoints,
  PodMonitorSpecPodMetricsEndpointsMetricRelabelingsAction,
  PodMonitorSpecPodMetricsEndpointsRelabelingsAction,
  PodMonitorSpecPodMetricsEndpointsScheme,
} from '../../../imports/monitoring.coreos.com';
import type { HaPostgresPlan } from '../plan';
import { promDuration } from './promql';

/** Which ports of the members' pods Prometheus scrapes. It adds the labels `namespace`, `pod`, `container` and `endpoint` itself. */
export function podMonitor(plan: HaPostgresPlan): PodMonitorProps | undefined {
  const { podMonitor, exporter } = plan.monitoring ?? {};
  if (!podMonitor) return undefined;
  const { name, labels } = plan.metadata(plan.names.cluster, 'monitoring');
  return {
    metadata: { name, labels: { ...podMonitor.labels, ...labels } },
    spec: {
      selector: { matchLabels: plan.selector('database') },
      podMetricsEndpoints: [patroni(plan), ...(exporter ? [endpoint(plan, 'metrics', ['server'])] : [])],
    },
  };
}

/** Patroni's own metrics, on the port of its REST API. Before 4.0 they have no label `name`; here no version has. */
function patroni(plan: HaPostgresPlan): PodMonitorSpecPodMetricsEndpoints {
  const plain = endpoint(plan, 'patroni', ['scope', 'name']);
  if (!plan.tls) return plain;
  return {
    ...plain,
    scheme: PodMonitorSpecPodMetricsEndpointsScheme.HTTPS,
    tlsConfig: {
      ca: { secret: { name: plan.tls.secretName, key: 'ca.crt' } },
      serverName: plan.names.cluster, // Prometheus comes by the pod's address, which no certificate names
    },
  };
}

/** @param without labels that differ between versions of what is scraped */
function endpoint(plan: HaPostgresPlan, port: string, without: string[]): PodMonitorSpecPodMetricsEndpoints {
  return {
    port,
    path: '/metrics',
    scheme: PodMonitorSpecPodMetricsEndpointsScheme.HTTP,
    interval: promDuration(plan.monitoring?.interval ?? 30),
    relabelings: [
      { action: PodMonitorSpecPodMetricsEndpointsRelabelingsAction.REPLACE, targetLabel: 'cluster', replacement: plan.names.cluster },
    ],
    metricRelabelings: [{ action: PodMonitorSpecPodMetricsEndpointsMetricRelabelingsAction.LABELDROP, regex: without.join('|') }],
  };
}
