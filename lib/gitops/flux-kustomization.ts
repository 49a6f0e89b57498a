import { ApiObject, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { validateObjects } from '../internal/validate-objects';
import type { FluxKustomizationProps } from './flux-props';
import { durationText, withoutUndefined } from './text';
import { validateFluxKustomization } from './validation/flux';

/**
 * A Flux Kustomization that applies a folder of finished manifests, with the options that suit databases.
 *
 * It belongs into a chart of its own, which is applied to Flux's cluster, not into the folder that it applies. There is no prop for what
 * rewrites manifests: substitution would read the shell's `${…}` in scripts, another namespace or name would part what belongs together.
 *
 * https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export class FluxKustomization extends Construct {
  public readonly kustomization: ApiObject;

  constructor(scope: Construct, id: string, props: FluxKustomizationProps) {
    super(scope, id);
    validateFluxKustomization(this, props);
    const { interval = Duration.minutes(10), retryInterval = Duration.minutes(2), timeout = Duration.minutes(10) } = props;
    this.kustomization = new ApiObject(this, 'Kustomization', {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: props.name ?? id, namespace: props.namespace ?? 'flux-system' },
      spec: withoutUndefined({
        sourceRef: withoutUndefined({ ...props.source }),
        path: props.path === '.' ? './' : `./${props.path}`,
        interval: durationText(interval),
        retryInterval: durationText(retryInterval),
        timeout: durationText(timeout),
        wait: props.wait ?? true,
        prune: props.prune ?? true,
        deletionPolicy: props.onDelete === 'delete' ? 'Delete' : 'Orphan',
        force: false, // would delete and remake a StatefulSet for a field that cannot change, and for a mistyped one
        dependsOn: props.dependsOn?.length ? props.dependsOn.map(withoutUndefined) : undefined,
        serviceAccountName: props.serviceAccountName,
        decryption: props.sopsSecretName === undefined ? undefined : { provider: 'sops', secretRef: { name: props.sopsSecretName } },
        suspend: props.suspend || undefined,
      }),
    });
    validateObjects(this);
  }
}
