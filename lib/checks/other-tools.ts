/** The checks of other tools that look at what one of our rules looks at. */
export interface OtherChecks {
  readonly kubeLinter?: readonly string[];
  readonly kubeScore?: readonly string[];
  readonly polaris?: readonly string[];
  readonly checkov?: readonly string[];
}

/**
 * By rule. Only what names the same thing: a check that is wider than the rule would hide more than its reason is about.
 *
 * kube-linter 0.8: docs/generated/checks.md; kube-score 1.20: README_CHECKS.md; Polaris 10: docs/checks;
 * Checkov 3.2: docs/5.Policy Index/kubernetes.md.
 */
export const OTHER_CHECKS: Readonly<Record<string, OtherChecks>> = {
  'SEC-1': {
    kubeLinter: ['privilege-escalation-container', 'run-as-non-root', 'drop-net-raw-capability', 'unsafe-sysctls', 'unsafe-proc-mount'],
    kubeScore: ['container-seccomp-profile'],
    polaris: ['privilegeEscalationAllowed', 'runAsRootAllowed', 'insecureCapabilities', 'dangerousCapabilities', 'linuxHardening'],
    checkov: ['CKV_K8S_20', 'CKV_K8S_23', 'CKV_K8S_25', 'CKV_K8S_28', 'CKV_K8S_31', 'CKV_K8S_37', 'CKV_K8S_39'],
  },
  'SEC-2': {
    kubeLinter: ['no-read-only-root-fs'],
    kubeScore: ['container-security-context-readonlyrootfilesystem'],
    polaris: ['notReadOnlyRootFilesystem'],
    checkov: ['CKV_K8S_22'],
  },
  'SEC-3': {
    kubeLinter: ['privileged-container', 'host-network', 'host-pid', 'host-ipc', 'docker-sock', 'sensitive-host-mounts'],
    kubeScore: ['container-security-context-privileged'],
    polaris: ['runAsPrivileged', 'hostNetworkSet', 'hostPIDSet', 'hostIPCSet', 'hostPathSet', 'hostPortSet'],
    checkov: ['CKV_K8S_16', 'CKV_K8S_17', 'CKV_K8S_18', 'CKV_K8S_19', 'CKV_K8S_26', 'CKV_K8S_27'],
  },
  'SEC-4': {
    kubeLinter: ['default-service-account', 'wildcard-in-rules', 'access-to-secrets', 'cluster-admin-role-binding'],
    polaris: ['automountServiceAccountToken', 'rolePodExecAttach', 'clusterrolePodExecAttach', 'clusterrolebindingClusterAdmin'],
    checkov: ['CKV_K8S_38', 'CKV_K8S_41', 'CKV_K8S_42', 'CKV_K8S_49', 'CKV_K8S_155', 'CKV_K8S_156', 'CKV_K8S_157', 'CKV_K8S_158'],
  },
  'SEC-5': { kubeLinter: ['env-var-secret'], polaris: ['sensitiveContainerEnvVar', 'sensitiveConfigmapContent'] },
  'SEC-6': {
    kubeLinter: ['latest-tag'],
    kubeScore: ['container-image-tag'],
    polaris: ['tagNotSpecified'],
    checkov: ['CKV_K8S_14', 'CKV_K8S_43'],
  },
  'SCH-4': { kubeLinter: ['duplicate-env-var'], kubeScore: ['environment-variable-key-duplication'] },
  'REF-1': { kubeLinter: ['non-existent-service-account'] },
  'REF-2': { kubeLinter: ['mismatching-selector'], kubeScore: ['statefulset-has-servicename'] },
  'REF-3': { kubeLinter: ['dangling-service'] },
  'REF-4': {
    kubeLinter: ['non-isolated-pod'],
    kubeScore: ['pod-networkpolicy'],
    polaris: ['missingNetworkPolicy'],
    checkov: ['CKV2_K8S_6'],
  },
  'REF-5': {
    kubeLinter: ['pdb-max-unavailable', 'pdb-min-available'],
    kubeScore: ['statefulset-has-poddisruptionbudget'],
    polaris: ['pdbDisruptionsIsZero'],
  },
  'RES-1': {
    kubeLinter: ['unset-cpu-requirements', 'unset-memory-requirements'],
    kubeScore: ['container-resources', 'container-ephemeral-storage-request-and-limit'],
    polaris: ['cpuRequestsMissing', 'memoryRequestsMissing', 'memoryLimitsMissing'],
    checkov: ['CKV_K8S_10', 'CKV_K8S_12', 'CKV_K8S_13'],
  },
  'HA-2': {
    kubeLinter: ['no-anti-affinity'],
    kubeScore: ['statefulset-has-host-podantiaffinity', 'pod-topology-spread-constraints'],
    polaris: ['topologySpreadConstraint'],
  },
  'GIT-7': { kubeScore: ['deployment-targeted-by-hpa-does-not-have-replicas-configured'] },
};

/** Where each tool reads what it shall not report, and how. The reason goes where there is place for it. */
export function ignoreAnnotations(
  { kubeLinter = [], kubeScore = [], polaris = [], checkov = [] }: OtherChecks,
  reason: string,
  given: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const scored = String(given[KUBE_SCORE] ?? '').split(',');
  const ignored = [...new Set([...scored, ...kubeScore].map((check) => check.trim()).filter(Boolean))];
  return Object.fromEntries([
    ...kubeLinter.map((check) => [`ignore-check.kube-linter.io/${check}`, reason]),
    ...(kubeScore.length > 0 ? [[KUBE_SCORE, ignored.join(',')]] : []),
    ...polaris.map((check) => [`polaris.fairwinds.com/${check}-exempt`, 'true']),
    ...checkovSkips(checkov, reason, given),
  ]);
}

const KUBE_SCORE = 'kube-score/ignore';

/** Numbered after those that are there. Checkov fails on a second `=` (kubernetes_utils.py, get_skipped_checks). */
function checkovSkips(checks: readonly string[], reason: string, given: Readonly<Record<string, unknown>>): string[][] {
  const numbers = Object.keys(given).map((key) => Number(/^checkov\.io\/skip(\d+)$/.exec(key)?.[1] ?? 0));
  const skipped = Object.values(given).map((value) => String(value).split('=')[0]);
  const last = Math.max(0, ...numbers);
  return checks
    .filter((check) => !skipped.includes(check))
    .map((check, index) => [`checkov.io/skip${last + index + 1}`, `${check}=${reason.replaceAll('=', ':')}`]);
}
