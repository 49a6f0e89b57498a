import type { IConstruct } from 'constructs';
import { oneOf, refuser } from '../../internal/refuse';
import { duration as aDuration, flag, group, list, own, text } from '../../internal/shapes';
import type { FluxDependency, FluxKustomizationProps, FluxSource } from '../flux-props';
import { dnsName, duration, folder, name } from './common';

const KINDS = ['GitRepository', 'OCIRepository', 'Bucket'];

const shape = group<FluxKustomizationProps>(
  {
    source: group<FluxSource>({ kind: own, name: text, namespace: text }),
    path: text,
    name: text,
    namespace: text,
    prune: flag,
    onDelete: own,
    interval: aDuration,
    retryInterval: aDuration,
    wait: flag,
    timeout: aDuration,
    dependsOn: list(group<FluxDependency>({ name: text, namespace: text })),
    serviceAccountName: text,
    sopsSecretName: text,
    suspend: flag,
  },
  { sourceRef: 'source', deletionPolicy: 'onDelete', decryption: 'sopsSecretName' },
);

export function validateFluxKustomization(scope: IConstruct, props: FluxKustomizationProps): void {
  const refuse = refuser(scope);
  shape(refuse, '', props);
  name(refuse, props.name, scope.node.id);
  dnsName(refuse, 'namespace', props.namespace);
  if (!props.source) refuse('SourceMissing', 'source', props.source, "given, as { kind: 'GitRepository', name: 'flux-system' }");
  if (!props.source.kind) refuse('SourceKindMissing', 'source.kind', props.source.kind, `one of ${KINDS.join(', ')}`);
  oneOf(refuse, 'source.kind', props.source.kind, KINDS);
  if (!props.source.name) refuse('SourceNameMissing', 'source.name', props.source.name, 'the name of a source that exists');
  dnsName(refuse, 'source.name', props.source.name);
  dnsName(refuse, 'source.namespace', props.source.namespace);
  folder(refuse, props.path);
  oneOf(refuse, 'onDelete', props.onDelete, ['keep', 'delete']);
  duration(refuse, 'interval', props.interval, 60); // the least that Flux's documentation allows
  duration(refuse, 'retryInterval', props.retryInterval, 1);
  duration(refuse, 'timeout', props.timeout, 1);
  dnsName(refuse, 'serviceAccountName', props.serviceAccountName);
  dnsName(refuse, 'sopsSecretName', props.sopsSecretName);
  const own = `${props.namespace ?? 'flux-system'}/${props.name ?? scope.node.id}`;
  for (const [i, other] of (props.dependsOn ?? []).entries()) {
    const prop = `dependsOn[${i}].name`;
    if (!other.name) refuse('DependencyNameMissing', prop, other.name, 'the name of another Kustomization');
    dnsName(refuse, prop, other.name);
    dnsName(refuse, `dependsOn[${i}].namespace`, other.namespace);
    if (`${other.namespace ?? props.namespace ?? 'flux-system'}/${other.name}` === own)
      refuse('DependsOnItself', prop, other.name, 'another Kustomization: it would wait for itself');
  }
}
