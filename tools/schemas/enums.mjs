// Values that are in neither the definitions nor their enums.json: lists of enumerated texts, and fields whose Go type is a plain string.
// From the validation of the API server: pkg/apis/*/validation in kubernetes/kubernetes, and the descriptions in its API reference.
const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const SELECTOR_OPERATORS = ['DoesNotExist', 'Exists', 'In', 'NotIn'];
const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const IP_FAMILIES = ['IPv4', 'IPv6'];

export const LISTED = {
  'admissionregistration.v1.RuleWithOperations': { operations: OPERATIONS },
  'admissionregistration.v1.NamedRuleWithOperations': { operations: OPERATIONS },
  'apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy': { whenDeleted: ['Delete', 'Retain'], whenScaled: ['Delete', 'Retain'] },
  'autoscaling.v2.HPAScalingPolicy': { type: ['Percent', 'Pods'] },
  'autoscaling.v2.HPAScalingRules': { selectPolicy: ['Disabled', 'Max', 'Min'] },
  'autoscaling.v2.MetricSpec': { type: ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'] },
  'autoscaling.v2.MetricTarget': { type: ['AverageValue', 'Utilization', 'Value'] },
  'core.v1.Container': { restartPolicy: ['Always', 'Never', 'OnFailure'] },
  'core.v1.PersistentVolumeClaimSpec': { accessModes: ACCESS_MODES },
  'core.v1.PersistentVolumeSpec': { accessModes: ACCESS_MODES },
  'core.v1.PodOS': { name: ['linux', 'windows'] },
  'core.v1.ServiceSpec': { ipFamilies: IP_FAMILIES },
  'meta.v1.LabelSelectorRequirement': { operator: SELECTOR_OPERATORS },
  'networking.v1.NetworkPolicySpec': { policyTypes: ['Egress', 'Ingress'] },
  'rbac.v1.RoleRef': { kind: ['ClusterRole', 'Role'] },
  'rbac.v1.Subject': { kind: ['Group', 'ServiceAccount', 'User'] },
  'storage.v1.CSIDriverSpec': {
    fsGroupPolicy: ['File', 'None', 'ReadWriteOnceWithFSType'],
    volumeLifecycleModes: ['Ephemeral', 'Persistent'],
  },
};
