import type { IConstruct } from 'constructs';
import { oneOf, type Refuse, refuser } from '../../internal/refuse';
import { duration as aDuration, flag, group, list, orFalse, own, text } from '../../internal/shapes';
import type { ArgoApplicationProps, ArgoAutomation, ArgoDestination, ArgoIgnoredDifference, ArgoRetry } from '../argo-props';
import { dnsName, duration, folder, name } from './common';

const shape = group<ArgoApplicationProps>(
  {
    repository: text,
    path: text,
    revision: text,
    name: text,
    namespace: text,
    project: text,
    destination: group<ArgoDestination>({ server: text, name: text, namespace: text }),
    automated: orFalse(group<ArgoAutomation>({ prune: flag, selfHeal: flag })),
    onDelete: own,
    createNamespace: flag,
    ignoreDifferences: list(
      group<ArgoIgnoredDifference>({
        kind: text,
        group: text,
        name: text,
        namespace: text,
        jsonPointers: list(text),
        jqPathExpressions: list(text),
        managedFieldsManagers: list(text),
      }),
    ),
    retry: group<ArgoRetry>({ limit: own, wait: aDuration, longestWait: aDuration }),
    syncOptions: list(text),
  },
  { repoURL: 'repository', targetRevision: 'revision', server: 'destination.server', syncPolicy: 'automated' },
);

/** Options that this construct sets, or that other props are for. */
const OWNED = ['ServerSideApply', 'RespectIgnoreDifferences', 'PruneLast', 'CreateNamespace'];

export function validateArgoApplication(scope: IConstruct, props: ArgoApplicationProps): void {
  const refuse = refuser(scope);
  shape(refuse, '', props);
  name(refuse, props.name, scope.node.id);
  dnsName(refuse, 'namespace', props.namespace);
  dnsName(refuse, 'project', props.project);
  repository(refuse, props.repository);
  folder(refuse, props.path);
  if (props.revision !== undefined && !/^\S+$/.test(props.revision))
    refuse('RevisionInvalid', 'revision', props.revision, 'a branch, a tag or a commit');
  destination(refuse, props);
  oneOf(refuse, 'onDelete', props.onDelete, ['keep', 'delete']);
  for (const [i, ignored] of (props.ignoreDifferences ?? []).entries()) ignoredDifference(refuse, `ignoreDifferences[${i}]`, ignored);
  for (const [i, option] of (props.syncOptions ?? []).entries()) syncOption(refuse, `syncOptions[${i}]`, option);
  const { limit, wait, longestWait } = props.retry ?? {};
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 0))
    refuse('RetryLimitInvalid', 'retry.limit', limit, 'a whole number, 0 for no second try');
  duration(refuse, 'retry.wait', wait, 1);
  duration(refuse, 'retry.longestWait', longestWait, 1);
}

function repository(refuse: Refuse, url: string | undefined): void {
  if (!url) refuse('RepositoryMissing', 'repository', url, "the repository's address, as 'https://git.example.com/shop/deploy.git'");
  if (!/^(https?|ssh|git|oci|file):\/\/\S+$|^[\w.-]+@[\w.-]+:\S+$/.test(url as string))
    refuse('RepositoryInvalid', 'repository', '(not shown)', "an address that Git knows, as 'https://git.example.com/shop/deploy.git'");
  if (/^\w+:\/\/[^/@]*:[^/@]*@/.test(url as string))
    refuse(
      'RepositoryHasPassword',
      'repository',
      '(not shown)',
      'without a password, which everybody could read; Argo CD takes it from a Secret',
    );
}

function destination(refuse: Refuse, { destination = {}, createNamespace }: ArgoApplicationProps): void {
  const { server, name: cluster, namespace } = destination;
  if (server !== undefined && cluster !== undefined)
    refuse('DestinationAmbiguous', 'destination.name', cluster, 'left out where destination.server is given: Argo CD takes one of the two');
  if (server !== undefined && !/^https?:\/\/\S+$/.test(server))
    refuse('ServerInvalid', 'destination.server', server, "the address of a Kubernetes API, as 'https://kubernetes.default.svc'");
  dnsName(refuse, 'destination.namespace', namespace);
  if (createNamespace && namespace === undefined)
    refuse('NamespaceMissing', 'destination.namespace', namespace, 'given where createNamespace is true: it is the one that is made');
}

function ignoredDifference(refuse: Refuse, prop: string, ignored: ArgoIgnoredDifference): void {
  if (!ignored.kind) refuse('KindMissing', `${prop}.kind`, ignored.kind, "the kind of the objects, as 'Deployment'");
  const { jsonPointers = [], jqPathExpressions = [], managedFieldsManagers = [] } = ignored;
  if (jsonPointers.length + jqPathExpressions.length + managedFieldsManagers.length === 0)
    refuse('IgnoredDifferenceEmpty', `${prop}.jsonPointers`, ignored.jsonPointers, 'given, or jqPathExpressions, or managedFieldsManagers');
  const wrong = jsonPointers.findIndex((pointer) => !/^\/./.test(pointer));
  if (wrong >= 0)
    refuse('JsonPointerInvalid', `${prop}.jsonPointers[${wrong}]`, jsonPointers[wrong], "a pointer into the object, as '/spec/replicas'");
}

function syncOption(refuse: Refuse, prop: string, option: string): void {
  const [, key = '', value = ''] = /^([A-Z]\w*)=(\w+)$/.exec(option) ?? [];
  if (key === '') refuse('SyncOptionInvalid', prop, option, "a name and a value, as 'FailOnSharedResource=true'");
  if (OWNED.includes(key)) refuse('SyncOptionOwned', prop, option, `left out: ${key} is set by this construct`);
  if ((key === 'Force' || key === 'Replace') && value === 'true')
    refuse('SyncOptionDestructive', prop, option, 'left out: it deletes and remakes objects, StatefulSets and claims among them');
}
