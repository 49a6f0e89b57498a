import { at, list, text } from '../../manifests/look';
import type { Manifest, PodTemplate } from '../../manifests/manifests';
import type { Found, Rule } from '../../rule';
import { everyContainer, specPath, titleOf } from './containers';

/** SEC-3: a pod that reaches its node can reach every other pod there. */
export const noHostAccess: Rule = {
  id: 'SEC-3',
  severity: 'error',
  title: 'a pod has nothing of its node: no namespaces, paths, ports or privileges',
  runs: ['synth', 'check'],
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  *find(manifests) {
    for (const manifest of manifests.withPods) {
      yield* namespaces(manifest);
      yield* paths(manifest);
      yield* privileges(manifest);
    }
  },
};

type WithPod = Manifest & { readonly pod: PodTemplate };

const NAMESPACES = { hostNetwork: 'network', hostPID: 'processes', hostIPC: 'shared memory' };

function* namespaces(manifest: WithPod): Iterable<Found> {
  for (const [key, what] of Object.entries(NAMESPACES)) {
    if (manifest.pod.spec[key] !== true) continue;
    const field = `${specPath(manifest.pod)}.${key}`;
    yield { manifest, field, message: `the pod shares the ${what} of its node`, fix: `remove ${key}` };
  }
}

function* paths(manifest: WithPod): Iterable<Found> {
  for (const [index, volume] of list(manifest.pod.spec, 'volumes').entries()) {
    if (at(volume, 'hostPath') === undefined || at(volume, 'hostPath') === null) continue;
    const path = text(volume, 'hostPath', 'path') ?? '';
    const runtime = /(?:docker|containerd|crio|cri-dockerd)\.sock$/.test(path);
    yield {
      manifest,
      field: `${specPath(manifest.pod)}.volumes[${index}].hostPath`,
      message: runtime
        ? `volume ${text(volume, 'name') ?? index} is ${path}: who writes there is root on the node`
        : `volume ${text(volume, 'name') ?? index} is the path ${path} of the node`,
      fix: runtime ? 'remove it' : 'use a claim, of a local storage class where it must be the node that keeps it',
    };
  }
}

function* privileges(manifest: WithPod): Iterable<Found> {
  if (at(manifest.pod.spec, 'securityContext', 'windowsOptions', 'hostProcess') === true) {
    yield hostProcess(manifest, specPath(manifest.pod), 'the pod');
  }
  for (const container of everyContainer(manifest.pod)) {
    if (at(container.spec, 'securityContext', 'privileged') === true) {
      const field = `${container.path}.securityContext.privileged`;
      yield { manifest, field, message: `${titleOf(container)} is privileged: it is root on the node`, fix: 'remove privileged' };
    }
    if (at(container.spec, 'securityContext', 'windowsOptions', 'hostProcess') === true) {
      yield hostProcess(manifest, container.path, titleOf(container));
    }
    for (const [index, port] of list(container.spec, 'ports').entries()) {
      const number = at(port, 'hostPort');
      if (typeof number !== 'number' || number === 0) continue;
      const field = `${container.path}.ports[${index}].hostPort`;
      const message = `${titleOf(container)} takes port ${number} of its node`;
      yield { manifest, field, message, fix: 'remove hostPort, and make a Service' };
    }
  }
}

function hostProcess(manifest: Manifest, path: string, who: string): Found {
  const field = `${path}.securityContext.windowsOptions.hostProcess`;
  return { manifest, field, message: `${who} runs as a process of the node`, fix: 'remove hostProcess' };
}
