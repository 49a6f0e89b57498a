import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { PodMonitor, PrometheusRule } from '../../../imports/monitoring.coreos.com';
import type { HaPostgresPlan } from '../plan';
import { dashboardConfigMap } from './dashboard';
import { podMonitor } from './pod-monitor';
import { prometheusRule } from './rules';

/** What Prometheus and Grafana read. Unlike the rest, a GitOps tool may remove these: nothing is lost with them. */
export class Monitoring extends Construct {
  /** None with `podMonitor: false`. */
  public readonly podMonitor?: PodMonitor;
  /** None with `rules: false`, or while the cluster is hibernated. */
  public readonly prometheusRule?: PrometheusRule;
  /** None unless asked for. */
  public readonly dashboard?: k8s.KubeConfigMap;

  constructor(scope: Construct, id: string, plan: HaPostgresPlan) {
    super(scope, id);
    const monitor = podMonitor(plan);
    if (monitor) this.podMonitor = new PodMonitor(this, 'PodMonitor', monitor);
    const rule = prometheusRule(plan);
    if (rule) this.prometheusRule = new PrometheusRule(this, 'PrometheusRule', rule);
    const dashboard = dashboardConfigMap(plan);
    if (dashboard) this.dashboard = new k8s.KubeConfigMap(this, 'Dashboard', dashboard);
  }
}
