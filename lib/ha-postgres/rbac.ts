import type { k8s } from 'cdk8s-plus-27';
import type { HaPostgresPlan } from './plan';

/** Pods that the Role names from the start, so that scaling never waits for it, nor a leaving member meets a 403. */
const NAMED_MEMBERS = 10;

export function serviceAccount(plan: HaPostgresPlan): k8s.KubeServiceAccountProps {
  const metadata = plan.kept(plan.names.cluster, 'database');
  return {
    metadata: { ...metadata, annotations: { ...plan.props.pod?.serviceAccountAnnotations, ...metadata.annotations } },
    automountServiceAccountToken: false, // only the members ask for it
  };
}

/**
 * What Patroni does, and no more. Creating and listing cannot be limited to names; all else is.
 *
 * Not granted: `services: create`. Patroni tries to make the guard Service of its configuration, which Git holds already,
 * and takes a 403 as well as a 409. `deletecollection` is only for `patronictl remove`.
 */
export function role(plan: HaPostgresPlan): k8s.KubeRoleProps {
  const state = plan.dcs === 'endpoints' ? 'endpoints' : 'configmaps';
  const { config, failover, sync } = plan.names.state;
  const pods = Array.from({ length: Math.max(NAMED_MEMBERS, plan.members) }, (_, i) => `${plan.names.statefulSet}-${i}`);
  return {
    metadata: plan.kept(plan.names.rbac, 'database'),
    rules: [
      // The leader lock and the state: made when first needed, watched by every member, renewed by the leader.
      { apiGroups: [''], resources: [state], verbs: ['create', 'list', 'watch'] },
      // `get` is for the rare write that meets another's: the leader reads its lock again before it gives up.
      { apiGroups: [''], resources: [state], resourceNames: [plan.names.leader, config, failover, sync], verbs: ['get', 'patch'] },
      // The members: found by their labels; each writes its own status and role.
      { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
      { apiGroups: [''], resources: ['pods'], resourceNames: pods, verbs: ['patch'] },
      // OpenShift asks for this right when addresses of pods are written by hand.
      ...(plan.openShift && plan.dcs === 'endpoints' ? [{ apiGroups: [''], resources: ['endpoints/restricted'], verbs: ['create'] }] : []),
    ],
  };
}

export function roleBinding(plan: HaPostgresPlan): k8s.KubeRoleBindingProps {
  return {
    metadata: plan.kept(plan.names.rbac, 'database'),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: plan.names.rbac },
    subjects: [{ kind: 'ServiceAccount', name: plan.names.cluster, ...(plan.namespace && { namespace: plan.namespace }) }],
  };
}
