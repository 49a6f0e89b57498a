import { ApiObject, type Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { validateObjects } from '../internal/validate-objects';
import type { ArgoApplicationProps, ArgoAutomation, ArgoRetry } from './argo-props';
import { durationText, withoutUndefined } from './text';
import { validateArgoApplication } from './validation/argo';

/** The options that every sync has, and why; `syncOptions` adds to them. */
const SYNC_OPTIONS = [
  'ServerSideApply=true', // fields that a controller owns stay its own, and an object may be larger than 256 KiB
  'RespectIgnoreDifferences=true', // what is ignored in the comparison is not applied either
  'PruneLast=true', // what is to go goes when the rest is healthy
];

/**
 * An Argo CD Application that applies a folder of finished manifests, with the options that suit databases.
 *
 * It belongs into a chart of its own, which is applied to Argo CD's cluster, not into the folder that it applies.
 *
 * https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/
 */
export class ArgoApplication extends Construct {
  public readonly application: ApiObject;

  constructor(scope: Construct, id: string, props: ArgoApplicationProps) {
    super(scope, id);
    validateArgoApplication(this, props);
    const name = props.name ?? id;
    this.application = new ApiObject(this, 'Application', {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name,
        namespace: props.namespace ?? 'argocd',
        // compared by a dry run of the API server, which knows its own defaults
        annotations: { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' },
        ...(props.onDelete === 'delete' && { finalizers: ['resources-finalizer.argocd.argoproj.io'] }),
      },
      spec: spec(props),
    });
    validateObjects(this);
  }
}

function spec(props: ArgoApplicationProps): object {
  const { automated = {}, createNamespace = false, destination = {}, ignoreDifferences = [], syncOptions = [] } = props;
  const server = destination.server ?? (destination.name === undefined ? 'https://kubernetes.default.svc' : undefined);
  return withoutUndefined({
    project: props.project ?? 'default',
    source: {
      repoURL: props.repository,
      path: props.path,
      targetRevision: props.revision ?? 'HEAD',
      directory: { recurse: true }, // by default only the folder itself is read, and a file in it may turn it into Helm or Kustomize
    },
    destination: withoutUndefined({ server, name: destination.name, namespace: destination.namespace }),
    ignoreDifferences: ignoreDifferences.length > 0 ? ignoreDifferences.map(withoutUndefined) : undefined,
    syncPolicy: withoutUndefined({
      automated: automated === false ? undefined : automation(automated),
      syncOptions: [...SYNC_OPTIONS, ...(createNamespace ? ['CreateNamespace=true'] : []), ...syncOptions],
      retry: retry(props.retry ?? {}),
    }),
  });
}

/** Not `allowEmpty`: an empty folder is more likely a mistake, and then nothing is removed. */
function automation({ prune = true, selfHeal = true }: ArgoAutomation): object {
  return withoutUndefined({ prune: prune || undefined, selfHeal: selfHeal || undefined });
}

function retry({ limit = 5, wait, longestWait }: ArgoRetry): object | undefined {
  if (limit === 0) return undefined;
  const text = (duration: Duration | undefined, otherwise: string) => (duration === undefined ? otherwise : durationText(duration));
  return { limit, backoff: { duration: text(wait, '10s'), factor: 2, maxDuration: text(longestWait, '5m') } };
}
