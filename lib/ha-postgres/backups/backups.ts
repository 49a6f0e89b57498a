import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Certificate } from '../../../imports/cert-manager.io';
import type { HaPostgresPlan } from '../plan';
import { certificate } from './certificate';
import { configMap } from './config';
import { drill, fullBackup, incrementalBackup, verification } from './jobs';
import { jobsPolicy } from './network-policy';
import type { BackupsPlan } from './plan';

/** What backups add beside the members. */
export class Backups extends Construct {
  public readonly config: k8s.KubeConfigMap;
  /** Where cert-manager makes it. */
  public readonly certificate?: Certificate;
  /** The four CronJobs, as far as they are scheduled. */
  public readonly full?: k8s.KubeCronJob;
  public readonly incremental?: k8s.KubeCronJob;
  public readonly verification?: k8s.KubeCronJob;
  public readonly drill?: k8s.KubeCronJob;
  public readonly networkPolicy?: k8s.KubeNetworkPolicy;

  constructor(scope: Construct, id: string, plan: HaPostgresPlan, backups: BackupsPlan) {
    super(scope, id);
    this.config = new k8s.KubeConfigMap(this, 'Config', configMap(plan, backups));
    const issued = certificate(plan, backups);
    if (issued) this.certificate = new Certificate(this, 'Certificate', issued);
    this.full = this.cronJob('Full', fullBackup(plan, backups));
    this.incremental = this.cronJob('Incremental', incrementalBackup(plan, backups));
    this.verification = this.cronJob('Verification', verification(plan, backups));
    this.drill = this.cronJob('Drill', drill(plan, backups));
    if (plan.props.networkPolicy?.enabled !== false) {
      this.networkPolicy = new k8s.KubeNetworkPolicy(this, 'NetworkPolicy', jobsPolicy(plan, backups));
    }
  }

  private cronJob(id: string, props: k8s.KubeCronJobProps | undefined): k8s.KubeCronJob | undefined {
    return props && new k8s.KubeCronJob(this, id, props);
  }
}
