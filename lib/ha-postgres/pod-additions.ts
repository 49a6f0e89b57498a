import { Size } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-27';
import * as kplus from 'cdk8s-plus-27';
import { resourceRequirements, resourcesOr } from '../internal/quantity';
import { RESTRICTED_CONTAINER } from '../internal/security';
import type { PodOptions } from './options';

/** Of a container for which nothing is said: cdk8s-plus would ask for a whole core in every member. */
const LITTLE: kplus.ContainerResources = {
  cpu: { request: kplus.Cpu.millis(10) },
  memory: { request: Size.mebibytes(64), limit: Size.mebibytes(128) },
};

/** Sidecars are kplus containers, made restricted and written as the API server would write them. */
export function addedContainer(props: kplus.ContainerProps): k8s.Container {
  const container = new kplus.Container({ ...props, resources: resourcesOr(props.resources, LITTLE) });
  const rendered = container._toKube();
  return {
    ...rendered,
    ports: rendered.ports?.map((port) => ({ ...port, protocol: port.protocol ?? 'TCP' })),
    resources: resourceRequirements(container.resources ?? {}),
    securityContext: RESTRICTED_CONTAINER,
  };
}

/** The same without the probe that cdk8s-plus adds to a port: Kubernetes takes none for what ends before the others start. */
export function addedInitContainer(props: kplus.ContainerProps): k8s.Container {
  const { startupProbe, ...container } = addedContainer(props);
  return container;
}

/** For PostgreSQL's container. */
export function addedEnvironment({ env = {} }: PodOptions): k8s.EnvVar[] {
  return Object.entries(env).map(([name, { value, valueFrom }]) => ({
    name,
    ...(value !== undefined && { value }),
    ...(valueFrom && { valueFrom: valueFrom as k8s.EnvVarSource }),
  }));
}

/** What the user mounts, in added containers or beside PostgreSQL; one volume may be in all of them. */
export function addedVolumes({ sidecars = [], initContainers = [], volumeMounts = [] }: PodOptions): k8s.Volume[] {
  const mounts = [...[...sidecars, ...initContainers].flatMap((s) => s.volumeMounts ?? []), ...volumeMounts];
  return [...new Map(mounts.map(({ volume }) => [volume.name, volume._toKube()])).values()];
}
