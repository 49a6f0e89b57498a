import { settledClaim, settledTemplate } from '../../../lib/checks/compare/defaults';
import { same } from '../../../lib/checks/compare/same';
import { claimTemplate, template } from '../review/support';

test.each<[string, object, object]>([
  ['pull policy', { imagePullPolicy: 'IfNotPresent' }, {}],
  ['termination message', { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' }, {}],
  ['protocol', { ports: [{ containerPort: 80, protocol: 'TCP' }] }, { ports: [{ containerPort: 80 }] }],
  [
    'probe',
    { readinessProbe: { httpGet: { port: 80, path: '/', scheme: 'HTTP' }, periodSeconds: 10 } },
    { readinessProbe: { httpGet: { port: 80 } } },
  ],
  [
    'field',
    { env: [{ name: 'A', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'a' } } }] },
    { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'a' } } }] },
  ],
  ['mount', { volumeMounts: [{ name: 'a', mountPath: '/a', readOnly: false }] }, { volumeMounts: [{ name: 'a', mountPath: '/a' }] }],
])('a written default of a container, its %s, changes nothing', (_, written, absent) => {
  expect(same(settledTemplate(template(written)), settledTemplate(template(absent)))).toBe(true);
});

test.each<[string, object]>([
  ['restartPolicy', { restartPolicy: 'Always' }],
  ['dnsPolicy', { dnsPolicy: 'ClusterFirst', schedulerName: 'default-scheduler', terminationGracePeriodSeconds: 30 }],
  ['securityContext', { securityContext: {} }],
  ['initContainers', { initContainers: [] }],
])('a written default of a pod, its %s, changes nothing', (_, spec) => {
  expect(same(settledTemplate(template({}, spec)), settledTemplate(template()))).toBe(true);
});

test.each<[string, object]>([
  ['another pull policy', { imagePullPolicy: 'Always' }],
  ['requests, though limits would become requests in the pod', { resources: { requests: { cpu: 1 } } }],
  ['an empty directory', { env: [{ name: 'A' }] }],
])('what is no default does: %s', (_, container) => {
  expect(same(settledTemplate(template(container)), settledTemplate(template()))).toBe(false);
});

test('an image without a tag, or with latest, is pulled always', () => {
  const pulled = (image: string, imagePullPolicy?: string) => settledTemplate(template({ image, imagePullPolicy }));
  expect(same(pulled('registry.example:5000/app', 'Always'), pulled('registry.example:5000/app'))).toBe(true);
  expect(same(pulled('app:latest', 'Always'), pulled('app:latest'))).toBe(true);
  expect(same(pulled('app:1', 'Always'), pulled('app:1'))).toBe(false);
});

test('a claim template with what the API server fills in is the same', () => {
  const filled = claimTemplate('data', '10Gi', {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    spec: { volumeMode: 'Filesystem' },
    status: { phase: 'Pending' },
    metadata: { creationTimestamp: null },
  });
  expect(same(settledClaim(filled), settledClaim(claimTemplate()))).toBe(true);
  expect(same(settledClaim(claimTemplate('data', '11Gi')), settledClaim(claimTemplate()))).toBe(false);
});
