import type { Rule } from '../../rule';
import { backendPorts } from './backends';
import { monitorPorts } from './monitors';
import { probePorts, targetPorts } from './ports';
import { governingServices, workloadSelectors } from './selectors';

/** REF-2: what must fit together within the manifests does. */
export const namesMatch: Rule = {
  id: 'REF-2',
  severity: 'error',
  title: 'selectors match their pods, a StatefulSet has its headless Service, and ports that are named exist',
  runs: ['synth', 'check'],
  source:
    'kube-score deployment-, statefulset-pod-selector-labels-match-template-metadata-labels, statefulset-has-servicename, service-targets-pod; kube-linter mismatching-selector, liveness-port',
  *find(manifests) {
    yield* workloadSelectors(manifests);
    yield* governingServices(manifests);
    yield* targetPorts(manifests);
    yield* probePorts(manifests);
    yield* backendPorts(manifests);
    yield* monitorPorts(manifests);
  },
};
