import type { k8s } from 'cdk8s-plus-27';
import { mebibytes, resourceRequirements } from '../../internal/quantity';
import { RESTRICTED_CONTAINER } from '../../internal/security';
import { type HaPostgresPlan, PATHS } from '../plan';
import type { PodPart } from '../pod-part';
import { EXPORTER_CONTAINER, EXPORTER_PORT, type ExporterPlan, MONITOR_ROLE } from './plan';
import { NOBODY_ID } from './role';

/** postgres_exporter in the members' pods. */
export function exporterPart(plan: HaPostgresPlan): PodPart {
  const { exporter } = plan.monitoring ?? {};
  return exporter ? { containers: [exporterContainer(exporter, plan.openShift)] } : {};
}

/**
 * It has no probes: a member is ready only while all its containers are, and one whose figures are missing must go on
 * serving. For the same reason a script starts it again, not the kubelet. That it gives no figures is an alert.
 */
function exporterContainer({ image, args, resources }: ExporterPlan, openShift: boolean): k8s.Container {
  const { limit } = resources.memory ?? {};
  return {
    name: EXPORTER_CONTAINER,
    image: image.toString(),
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', `${PATHS.scripts}/exporter.sh`],
    args: [...args],
    env: [
      // Over the local socket, as who it is.
      {
        name: 'DATA_SOURCE_NAME',
        value: `host=${PATHS.run} user=${MONITOR_ROLE} dbname=postgres sslmode=disable application_name=exporter`,
      },
      ...(limit ? [{ name: 'GOMEMLIMIT', value: `${Math.floor(mebibytes(limit) * 0.9)}MiB` }] : []), // else Go sees no limit until it is killed
    ],
    ports: [{ name: 'metrics', containerPort: EXPORTER_PORT, protocol: 'TCP' }],
    resources: resourceRequirements(resources),
    securityContext: { ...RESTRICTED_CONTAINER, ...(!openShift && { runAsUser: NOBODY_ID, runAsGroup: NOBODY_ID }) },
    volumeMounts: [
      { name: 'run', mountPath: PATHS.run, readOnly: true }, // one can still connect to a socket in it
      { name: 'scripts', mountPath: PATHS.scripts, readOnly: true },
    ],
  };
}
