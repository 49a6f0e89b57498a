import { at, text } from '../../manifests/look';
import type { Manifest } from '../../manifests/manifests';
import type { Rule } from '../../rule';

/** GIT-7: each time the manifest is applied, the number of pods would be that in Git, whatever the load. */
export const replicasLeftToAutoscaler: Rule = {
  id: 'GIT-7',
  severity: 'error',
  title: 'what is scaled automatically has no replicas',
  runs: ['synth', 'check'],
  source:
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling, kube-score deployment-targeted-by-hpa-does-not-have-replicas-configured',
  *find(manifests) {
    for (const scaler of manifests.ofKind('HorizontalPodAutoscaler', 'ScaledObject')) {
      const target = targetOf(scaler);
      const manifest = target && manifests.get(target.group, target.kind, scaler.namespace, target.name);
      const replicas = at(manifest?.object, 'spec', 'replicas');
      if (!manifest || replicas === undefined || replicas === null) continue;
      yield {
        manifest,
        field: 'spec.replicas',
        message: `replicas is ${JSON.stringify(replicas)}, and ${scaler.title} changes it: each apply changes it back`,
        fix: 'leave replicas out; on a workload that runs, first hand the field over (kubectl apply edit-last-applied), or it drops to 1',
      };
    }
  },
};

/** KEDA's default is a Deployment. */
function targetOf({ object, kind: scaler }: Manifest): { group: string; kind: string; name: string } | undefined {
  const name = text(object, 'spec', 'scaleTargetRef', 'name');
  if (!name) return undefined;
  const keda = scaler === 'ScaledObject';
  const kind = text(object, 'spec', 'scaleTargetRef', 'kind') ?? (keda ? 'Deployment' : '');
  const version = text(object, 'spec', 'scaleTargetRef', 'apiVersion') ?? 'apps/v1';
  return { group: version.includes('/') ? (version.split('/')[0] ?? '') : '', kind, name };
}
