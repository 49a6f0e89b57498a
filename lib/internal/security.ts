import type { k8s } from 'cdk8s-plus-27';

/** What the "restricted" Pod Security Standard asks of every container, and a read-only root file system besides. */
export const RESTRICTED_CONTAINER: k8s.SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};

/**
 * What it asks of the pod. The numeric user is there because the kubelet cannot tell whether an image's named user is root.
 *
 * @param id user that owns the data, or undefined where admission assigns it (OpenShift)
 * @param group group that owns the data
 */
export function restrictedPod(id: number | undefined, group = id): k8s.PodSecurityContext {
  return {
    runAsNonRoot: true,
    ...(id !== undefined && { runAsUser: id, runAsGroup: group, fsGroup: group }),
    fsGroupChangePolicy: 'OnRootMismatch', // else every start walks the whole volume
    seccompProfile: { type: 'RuntimeDefault' },
  };
}
