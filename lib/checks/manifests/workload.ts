import { at, text } from './look';
import type { Manifest, Manifests } from './manifests';
import { mayMeet } from './namespaces';

/** How many pods a workload has: between the bounds of its autoscaler, else as many as it says. */
export interface Scale {
  readonly min: number;
  readonly max: number;
}

const scalers = new WeakMap<Manifests, Map<string, Manifest[]>>();

/** None where nothing tells: KEDA goes down to none, a DaemonSet has as many as there are nodes, a Job as many as its work needs. */
export function scaleOf(workload: Manifest, manifests: Manifests): Scale | undefined {
  if (!['Deployment', 'ReplicaSet', 'StatefulSet'].includes(workload.kind)) return undefined;
  const scaler = scalersOf(manifests)
    .get(`${workload.kind}/${workload.name}`)
    ?.find((found) => mayMeet(found, workload));
  const replicas = at(workload.object, 'spec', 'replicas') ?? 1;
  if (!scaler) return typeof replicas === 'number' ? { min: replicas, max: replicas } : undefined;
  const [min, max] = [at(scaler.object, 'spec', 'minReplicas') ?? 1, at(scaler.object, 'spec', 'maxReplicas')];
  return typeof min === 'number' && typeof max === 'number' ? { min, max } : undefined;
}

function scalersOf(manifests: Manifests): Map<string, Manifest[]> {
  const known = scalers.get(manifests);
  if (known) return known;
  const found = new Map<string, Manifest[]>();
  for (const scaler of manifests.ofKind('HorizontalPodAutoscaler', 'ScaledObject')) {
    const kind = text(scaler.object, 'spec', 'scaleTargetRef', 'kind') ?? 'Deployment'; // KEDA's default; the other must say it
    const target = `${kind}/${text(scaler.object, 'spec', 'scaleTargetRef', 'name') ?? ''}`;
    found.set(target, [...(found.get(target) ?? []), scaler]);
  }
  scalers.set(manifests, found);
  return found;
}

/** Whether it only runs when someone types `helm test`. */
export function isTestHook({ annotations }: Manifest): boolean {
  return (annotations['helm.sh/hook'] ?? '').split(',').some((hook) => hook.trim().startsWith('test'));
}
