import type { Workload } from '../compare/workload';
import { at, fields, list, text } from '../manifests/look';
import type { Container, Manifests } from '../manifests/manifests';

/** Something that the securityContext, or the pod, leaves open. */
export interface Freedom {
  /** What tells it from others of the same workload. */
  readonly key: string;
  readonly field: string;
  /** The container that has it; undefined for the pod. */
  readonly container?: string;
  /** As a sentence goes on: `container app may run as root`. */
  readonly words: string;
  /** A new pod with it is worth a word; the others are what checks are for. */
  readonly strong: boolean;
}

/** By the fields of Pod Security: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export function freedoms(workload: Workload, all: Manifests): Freedom[] {
  return [...ofPod(workload, all), ...workload.pod.containers.flatMap((container) => ofContainer(container, workload))];
}

function ofPod(workload: Workload, all: Manifests): Freedom[] {
  const { spec } = workload.pod;
  const found = (
    [
      ['hostNetwork', "its pods have the node's network"],
      ['hostPID', "its pods see the node's processes"],
      ['hostIPC', "its pods share the node's memory segments"],
    ] as const
  )
    .filter(([field]) => spec[field] === true)
    .map(([field, words]): Freedom => ({ key: field, field, words, strong: true }));
  for (const volume of list(spec, 'volumes')) {
    const path = text(volume, 'hostPath', 'path');
    if (path !== undefined)
      found.push({ key: `hostPath ${path}`, field: 'volumes', words: `its pods have ${path} of the node`, strong: true });
  }
  if (hasToken(workload, all))
    found.push({ key: 'token', field: 'automountServiceAccountToken', words: 'its pods have a token for the API', strong: false });
  return found;
}

/** https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting */
function hasToken({ namespace, pod }: Workload, all: Manifests): boolean {
  const own = at(pod.spec, 'automountServiceAccountToken');
  if (typeof own === 'boolean') return own;
  const account = all.get('', 'ServiceAccount', namespace, text(pod.spec, 'serviceAccountName') ?? 'default');
  return at(account?.object, 'automountServiceAccountToken') !== false;
}

function ofContainer({ name, spec }: Container, { pod }: Workload): Freedom[] {
  const [own, whole] = [fields(spec, 'securityContext'), fields(pod.spec, 'securityContext')];
  const either = (field: string) => own[field] ?? whole[field];
  const found: Freedom[] = [];
  const say = (field: string, words: string, { strong = false, key = field } = {}) =>
    found.push({
      key: `${name} ${key}`,
      field: `containers[${name}].securityContext.${field}`,
      container: name,
      words: `${name} ${words}`,
      strong,
    });
  if (own.privileged === true) say('privileged', 'is privileged', { strong: true });
  if (own.allowPrivilegeEscalation !== false) say('allowPrivilegeEscalation', 'may gain privileges');
  if (either('runAsNonRoot') !== true) say('runAsNonRoot', 'may run as root');
  if (either('runAsUser') === 0) say('runAsUser', 'runs as root', { strong: true });
  if (own.readOnlyRootFilesystem !== true) say('readOnlyRootFilesystem', 'may write to its root file system');
  if (text(own, 'procMount') === 'Unmasked') say('procMount', 'sees all of /proc', { strong: true });
  const seccomp = text(own, 'seccompProfile', 'type') ?? text(whole, 'seccompProfile', 'type') ?? 'Unconfined';
  if (seccomp === 'Unconfined') say('seccompProfile', 'makes system calls without a filter');
  if (!list(own, 'capabilities', 'drop').some((capability) => ['ALL', 'all'].includes(String(capability))))
    say('capabilities', 'keeps capabilities');
  for (const capability of list(own, 'capabilities', 'add')) {
    if (typeof capability === 'string')
      say('capabilities', `has the capability ${capability}`, { strong: true, key: `capability ${capability}` });
  }
  for (const port of list(spec, 'ports')) {
    const host = at(port, 'hostPort');
    if (typeof host === 'number' && host > 0) {
      const field = `containers[${name}].ports`;
      found.push({ key: `${name} hostPort ${host}`, field, container: name, words: `${name} has port ${host} of the node`, strong: true });
    }
  }
  return found;
}
