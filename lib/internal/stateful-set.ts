import { k8s } from 'cdk8s-plus-27';
import type { Storage } from '../platform';
import { KEEP } from './labels';
import { sizeQuantity } from './quantity';

/** What differs between our StatefulSets; the rest is the same for every database. */
export interface StatefulSetOptions {
  readonly metadata: k8s.ObjectMeta;
  readonly replicas: number;
  /** The headless Service that gives each pod its DNS name. */
  readonly serviceName: string;
  readonly selector: Record<string, string>;
  readonly template: k8s.PodTemplateSpec;
  readonly claims: k8s.KubePersistentVolumeClaimProps[];
  /** Pods whose ordinal is less are not updated. @default - all are */
  readonly partition?: number;
}

/** A StatefulSet whose pods need each other to become ready, and whose volumes outlive it. */
export function statefulSet(options: StatefulSetOptions): k8s.KubeStatefulSetProps {
  return {
    metadata: options.metadata,
    spec: {
      replicas: options.replicas,
      serviceName: options.serviceName,
      podManagementPolicy: 'Parallel', // with OrderedReady, a lost pod 0 keeps the others from starting
      updateStrategy: { type: 'RollingUpdate', ...(options.partition && { rollingUpdate: { partition: options.partition } }) },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      selector: { matchLabels: options.selector },
      template: options.template,
      volumeClaimTemplates: options.claims,
    },
  };
}

/** A claim template. Its labels, annotations and size can never change. */
export function claim(name: string, labels: Record<string, string>, storage: Storage): k8s.KubePersistentVolumeClaimProps {
  return {
    metadata: { name, labels, annotations: KEEP },
    spec: {
      accessModes: storage.accessModes ?? ['ReadWriteOnce'],
      storageClassName: storage.storageClassName,
      volumeMode: 'Filesystem',
      resources: { requests: { storage: sizeQuantity(storage.initialSize ?? storage.size) } },
    },
  };
}

/** Writes out what the API server would add to the claim templates, so that no tool ever sees a difference. */
export class KubeStatefulSetWithTypedClaims extends k8s.KubeStatefulSet {
  // biome-ignore lint/suspicious/noExplicitAny: cdk8s declares it so
  public override toJson(): any {
    const json = super.toJson();
    json.spec.volumeClaimTemplates = json.spec.volumeClaimTemplates.map((template: object) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      ...template,
    }));
    return json;
  }
}
