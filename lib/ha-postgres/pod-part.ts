import type { k8s } from 'cdk8s-plus-27';

/** What a feature adds to a container. */
export interface ContainerPart {
  readonly env?: k8s.EnvVar[];
  readonly volumeMounts?: k8s.VolumeMount[];
}

/** What a feature adds to the members' pods. */
export interface PodPart {
  readonly initContainers?: k8s.Container[];
  readonly containers?: k8s.Container[];
  readonly volumes?: k8s.Volume[];
  /** To PostgreSQL's container. */
  readonly patroni?: ContainerPart;
  /** To the agent's. */
  readonly agent?: ContainerPart;
}
