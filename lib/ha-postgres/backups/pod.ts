import type { k8s } from 'cdk8s-plus-27';
import { resourceRequirements } from '../../internal/quantity';
import { RESTRICTED_CONTAINER } from '../../internal/security';
import { type HaPostgresPlan, PATHS } from '../plan';
import type { PodPart } from '../pod-part';
import { CONFIG_FILE, ownRepository, PLACE } from './config';
import { type BackupsPlan, PGBACKREST_PORT } from './plan';
import { repositorySources, repositoryVolume } from './repository';

const MOUNT: k8s.VolumeMount = { name: 'pgbackrest', mountPath: PLACE.folder, readOnly: true };

/** pgBackRest in the members' pods: PostgreSQL archives with it, and a server beside it answers the Jobs. */
export function backupPart(plan: HaPostgresPlan): PodPart {
  const { backups } = plan;
  if (!backups) return {};
  const environment = pgbackrestEnvironment(backups);
  const mounts = [MOUNT, ...ownVolume(backups).mounts];
  return {
    containers: [server(plan, backups)],
    volumes: [pgbackrestVolume(plan, backups, 'member.conf'), ...ownVolume(backups).volumes],
    patroni: { env: environment, volumeMounts: mounts },
  };
}

/** What the scripts that call pgBackRest read. */
export function pgbackrestEnvironment(backups: BackupsPlan): k8s.EnvVar[] {
  return [
    { name: 'PGBACKREST_CONFIG', value: CONFIG_FILE },
    { name: 'STANZA', value: backups.stanza },
  ];
}

/** Configuration, secrets and certificate; what a Secret has new arrives in the files. */
export function pgbackrestVolume(plan: HaPostgresPlan, backups: BackupsPlan, config: string): k8s.Volume {
  return {
    name: 'pgbackrest',
    projected: {
      defaultMode: 0o440, // pgBackRest refuses a key that others may read
      sources: [
        { configMap: { name: plan.names.backups.config, items: [{ key: config, path: 'pgbackrest.conf' }] } },
        ...repositorySources(ownRepository(backups)),
        {
          secret: { name: backups.certificateSecret, items: ['ca.crt', 'tls.crt', 'tls.key'].map((key) => ({ key, path: `tls/${key}` })) },
        },
      ],
    },
  };
}

/** A claim that is the repository itself. */
export function ownVolume(backups: BackupsPlan): ReturnType<typeof repositoryVolume> {
  return repositoryVolume('repository', backups.options.repository, PLACE);
}

/** It sees what PostgreSQL's container sees, since the Jobs copy through it. */
function server(plan: HaPostgresPlan, backups: BackupsPlan): k8s.Container {
  return {
    name: 'pgbackrest',
    image: plan.image.toString(),
    imagePullPolicy: 'IfNotPresent',
    command: ['bash', `${PATHS.scripts}/pgbackrest.sh`],
    env: pgbackrestEnvironment(backups),
    ports: [{ name: 'pgbackrest', containerPort: PGBACKREST_PORT, protocol: 'TCP' }],
    resources: resourceRequirements(backups.resources),
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: [
      { name: plan.volumes.dataClaim, mountPath: plan.volumes.data },
      ...(plan.props.walStorage ? [{ name: plan.volumes.walClaim, mountPath: plan.volumes.wal }] : []),
      { name: 'run', mountPath: PATHS.run },
      { name: 'tmp', mountPath: PATHS.tmp },
      { name: 'scripts', mountPath: PATHS.scripts, readOnly: true },
      MOUNT,
      ...ownVolume(backups).mounts,
    ],
  };
}
