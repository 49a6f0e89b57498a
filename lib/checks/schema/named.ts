import { type Fields, fields, isFields, list, text } from '../manifests/look';
import type { Manifest, PodTemplate } from '../manifests/manifests';
import { annotationKey, type Check, dataKey, dnsLabel, labelKey, labelValue, portName, strictVariable, variable } from './names';

/** Is told each name, what it has to be, and where it is: the path, or that of the map whose key it is or belongs to. */
export type Told = (name: string, check: Check, path: string, key?: string) => void;

/** Tells the names in an object beside its own. */
export function namesIn(manifest: Manifest, newVariables: boolean, tell: Told): void {
  const { object, group, kind, pod } = manifest;
  ofMetadata(fields(object, 'metadata'), 'metadata', tell);
  if (pod) ofPod(pod, newVariables ? variable : strictVariable, tell);
  if (group === '' && kind === 'Service') ofService(fields(object, 'spec'), tell);
  if (group === '' && (kind === 'ConfigMap' || kind === 'Secret')) {
    for (const field of ['data', 'binaryData', 'stringData']) keys(fields(object, field), field, dataKey, tell);
  }
  if (group === 'apps' && kind === 'StatefulSet') {
    list(object, 'spec', 'volumeClaimTemplates').forEach((claim, index) => {
      const path = `spec.volumeClaimTemplates[${index}].metadata`;
      ofMetadata(fields(claim, 'metadata'), path, tell);
      named(fields(claim, 'metadata'), 'name', path, dnsLabel, tell);
    });
  }
  if (group === 'apps' || group === 'batch' || group === 'policy') {
    labels(fields(object, 'spec', 'selector', 'matchLabels'), 'spec.selector.matchLabels', tell);
  }
}

function ofMetadata(metadata: Fields, path: string, tell: Told): void {
  labels(fields(metadata, 'labels'), `${path}.labels`, tell);
  keys(fields(metadata, 'annotations'), `${path}.annotations`, annotationKey, tell);
}

function labels(map: Fields, path: string, tell: Told): void {
  for (const key of Object.keys(map)) {
    tell(key, labelKey, path, key);
    const value = map[key];
    if (typeof value === 'string') tell(value, labelValue, path, key);
  }
}

function keys(map: Fields, path: string, check: Check, tell: Told): void {
  for (const key of Object.keys(map)) tell(key, check, path, key);
}

/** A field that holds a name, where it is a text; an empty one counts as not written. */
function named(holder: unknown, field: string, path: string, check: Check, tell: Told): void {
  const name = text(holder, field);
  if (name) tell(name, check, path, field);
}

function ofPod({ path, labels: own, annotations, spec, containers }: PodTemplate, variableName: Check, tell: Told): void {
  const before = path && `${path}.`;
  if (path) ofMetadata({ labels: own, annotations }, `${before}metadata`, tell);
  labels(fields(spec, 'nodeSelector'), `${before}spec.nodeSelector`, tell);
  list(spec, 'volumes').forEach((volume, index) => {
    named(volume, 'name', `${before}spec.volumes[${index}]`, dnsLabel, tell);
  });
  for (const container of containers) {
    named(container.spec, 'name', container.path, dnsLabel, tell);
    ofContainer(container.spec, container.path, variableName, tell);
  }
}

function ofContainer(container: Fields, path: string, variableName: Check, tell: Told): void {
  list(container, 'env').forEach((entry, index) => {
    named(entry, 'name', `${path}.env[${index}]`, variableName, tell);
  });
  list(container, 'ports').forEach((port, index) => {
    named(port, 'name', `${path}.ports[${index}]`, portName, tell);
  });
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
    if (!isFields(container[probe])) continue;
    for (const how of ['httpGet', 'tcpSocket']) named(fields(container, probe, how), 'port', `${path}.${probe}.${how}`, portName, tell);
  }
}

function ofService(spec: Fields, tell: Told): void {
  labels(fields(spec, 'selector'), 'spec.selector', tell);
  list(spec, 'ports').forEach((port, index) => {
    named(port, 'name', `spec.ports[${index}]`, dnsLabel, tell);
    named(port, 'targetPort', `spec.ports[${index}]`, portName, tell);
  });
}
