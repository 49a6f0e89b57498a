import { Size } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-27';
import * as kplus from 'cdk8s-plus-27';
import { resourceRequirements, resourcesOr, sizeQuantity } from '../../internal/quantity';
import { RESTRICTED_CONTAINER } from '../../internal/security';
import { claim } from '../../internal/stateful-set';
import { type HaPostgresPlan, PATHS } from '../plan';
import { nodes } from '../scheduling';
import { podSecurity } from '../security';
import { PLACE, SCRATCH } from './config';
import type { BackupsPlan } from './plan';
import { ownVolume, pgbackrestEnvironment, pgbackrestVolume } from './pod';

type CronJob = k8s.KubeCronJobProps | undefined;

/** A Job that runs `pgbackrest backup` itself: it succeeds when pgBackRest says that the backup is complete, and only then. */
export function fullBackup(plan: HaPostgresPlan, backups: BackupsPlan): CronJob {
  return cronJob(plan, backups, plan.names.backups.full, backups.schedules.full, pod(plan, backups, ['backup.sh', 'full']));
}

export function incrementalBackup(plan: HaPostgresPlan, backups: BackupsPlan): CronJob {
  return cronJob(plan, backups, plan.names.backups.incremental, backups.schedules.incremental, pod(plan, backups, ['backup.sh', 'incr']));
}

/** Reads every file of the repository again and compares checksums. */
export function verification(plan: HaPostgresPlan, backups: BackupsPlan): CronJob {
  return cronJob(plan, backups, plan.names.backups.verify, backups.schedules.verify, pod(plan, backups, ['verify.sh']));
}

/** Restores the newest backup into a scratch volume, starts PostgreSQL on it and asks it something. */
export function drill(plan: HaPostgresPlan, backups: BackupsPlan): CronJob {
  const options = backups.options.drill;
  if (!options) return undefined;
  const template = pod(plan, backups, ['drill.sh'], {
    config: 'drill.conf',
    resources: resourcesOr(options.resources, {
      cpu: { request: kplus.Cpu.millis(100) },
      memory: { request: Size.mebibytes(256), limit: Size.gibibytes(1) },
    }),
    env: [
      { name: 'PGBIN', value: `/usr/lib/postgresql/${plan.postgresVersion}/bin` },
      { name: 'DRILL_DATABASE', value: options.database ?? 'postgres' },
      { name: 'DRILL_QUERY', value: options.query ?? 'SELECT 1' },
      { name: 'SUPERUSER', value: plan.logins.superuser },
    ],
    volumes: [
      { name: 'scratch', ephemeral: { volumeClaimTemplate: { spec: claim('scratch', {}, options.storage).spec ?? {} } } },
      { name: 'dshm', emptyDir: { medium: 'Memory', sizeLimit: sizeQuantity(Size.mebibytes(64)) } },
    ],
    mounts: [
      { name: 'scratch', mountPath: SCRATCH },
      { name: 'dshm', mountPath: PATHS.sharedMemory },
    ],
  });
  return cronJob(plan, backups, plan.names.backups.drill, backups.schedules.drill, template);
}

function cronJob(
  plan: HaPostgresPlan,
  backups: BackupsPlan,
  name: string,
  schedule: string | undefined,
  template: k8s.PodTemplateSpec,
): CronJob {
  if (schedule === undefined) return undefined;
  return {
    metadata: plan.metadata(name, 'backup'),
    spec: {
      schedule,
      timeZone: backups.timeZone,
      concurrencyPolicy: 'Forbid',
      suspend: backups.suspended,
      startingDeadlineSeconds: 3600, // a control plane that was away for less does not cost a backup
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { labels: template.metadata?.labels },
        spec: { backoffLimit: 2, activeDeadlineSeconds: backups.deadline, template },
      },
    },
  };
}

/** What the drill's pod has besides. */
interface PodExtras {
  readonly config?: string;
  readonly resources?: BackupsPlan['resources'];
  readonly env?: k8s.EnvVar[];
  readonly volumes?: k8s.Volume[];
  readonly mounts?: k8s.VolumeMount[];
}

function pod(plan: HaPostgresPlan, backups: BackupsPlan, [script, ...args]: string[], extras: PodExtras = {}): k8s.PodTemplateSpec {
  const { pod: options = {}, placement } = plan.props;
  return {
    metadata: { labels: plan.metadata('', 'backup').labels },
    spec: {
      restartPolicy: 'Never', // so that the log of each attempt stays
      serviceAccountName: plan.names.cluster, // for the store's workload identity
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: podSecurity(plan),
      ...(options.imagePullSecrets && { imagePullSecrets: options.imagePullSecrets.map((name) => ({ name })) }),
      ...nodes(placement), // where members may run, the image and the store can be reached
      containers: [
        {
          name: 'pgbackrest',
          image: plan.image.toString(),
          imagePullPolicy: 'IfNotPresent',
          command: ['bash', `${PATHS.scripts}/${script}`, ...args],
          env: [...pgbackrestEnvironment(backups), ...(extras.env ?? [])],
          resources: resourceRequirements(extras.resources ?? backups.resources),
          securityContext: RESTRICTED_CONTAINER,
          volumeMounts: [
            { name: 'run', mountPath: PATHS.run },
            { name: 'tmp', mountPath: PATHS.tmp },
            { name: 'scripts', mountPath: PATHS.scripts, readOnly: true },
            { name: 'pgbackrest', mountPath: PLACE.folder, readOnly: true },
            ...ownVolume(backups).mounts,
            ...(extras.mounts ?? []),
          ],
        },
      ],
      volumes: [
        { name: 'run', emptyDir: { medium: 'Memory', sizeLimit: sizeQuantity(Size.mebibytes(16)) } },
        { name: 'tmp', emptyDir: { sizeLimit: sizeQuantity(Size.mebibytes(64)) } },
        { name: 'scripts', configMap: { name: plan.names.backups.config } },
        pgbackrestVolume(plan, backups, extras.config ?? 'job.conf'),
        ...ownVolume(backups).volumes,
        ...(extras.volumes ?? []),
      ],
    },
  };
}
