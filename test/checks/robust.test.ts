import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { checkManifests } from '../../lib/checks';
import { deployment, podTemplate } from './support';

const RBAC = 'rbac.authorization.k8s.io';
const metadata = {
  name: 'app-5f3a9c',
  namespace: 'shop',
  labels: { a: 'b' },
  annotations: { 'argocd.argoproj.io/hook': 'PreSync', a: 'b' },
};
const pod = podTemplate(
  {
    command: ['sh', '-c', 'PGPASSWORD=x ${A}'],
    env: [{ name: 'PATRONI_SCOPE', value: 'orders' }],
    ports: [{ containerPort: 80, hostPort: 80 }],
    livenessProbe: { httpGet: { host: 'a', port: 1 } },
  },
  {
    securityContext: { sysctls: [{ name: 'a', value: '1' }], seLinuxOptions: { type: 'a' } },
    serviceAccountName: 'app',
    volumes: [
      { name: 'a', persistentVolumeClaim: { claimName: 'app-5f3a9c' } },
      { name: 'b', hostPath: { path: '/' } },
    ],
  },
);

/** One object for each thing that the rules look at. */
const corpus = [
  deployment({}, {}, { metadata }),
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata,
    spec: { template: pod, selector: { matchLabels: { a: 'b' } }, volumeClaimTemplates: [{ metadata }] },
  },
  { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { template: pod, ttlSecondsAfterFinished: 1 } },
  { apiVersion: 'v1', kind: 'Pod', metadata, spec: (pod as { spec: object }).spec, status: {} },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { 'patroni.yaml': 'scope: a\nkubernetes: {}\npassword: x' },
    binaryData: { a: '' },
  },
  { apiVersion: 'v1', kind: 'Secret', metadata, data: { a: 'YQ==' }, stringData: { b: 'c' }, sops: {} },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: {} },
  { apiVersion: 'v1', kind: 'Endpoints', metadata },
  { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { a: 'b' } } },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' } },
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata,
    rules: [{ apiGroups: [''], resources: ['*'], verbs: ['*'], resourceNames: ['a'] }],
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { kind: 'ClusterRole', name: 'a' },
    subjects: [{ kind: 'ServiceAccount', name: 'a' }],
  },
  { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', metadata, spec: { force: true } },
  { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata, spec: { syncPolicy: { syncOptions: ['Replace=true'] } } },
] as object[];

/** The corpus with anything at all in the place of some of its values. */
const broken = fc
  .array(fc.tuple(fc.nat(), fc.anything({ withBigInt: true, withNullPrototype: true })), { minLength: 1, maxLength: 4 })
  .map((changes) => {
    const copy = structuredClone(corpus);
    const places: [Record<string, unknown>, string][] = [];
    (function walk(node: object) {
      for (const [key, inner] of Object.entries(node)) {
        places.push([node as Record<string, unknown>, key]);
        if (typeof inner === 'object' && inner !== null) walk(inner);
      }
    })(copy);
    for (const [seed, value] of changes) {
      const [node, key] = places[seed % places.length] as [Record<string, unknown>, string];
      node[key] = value;
    }
    return copy;
  });

test('whatever stands in an object, no rule throws, and each finding is a sentence', () => {
  fc.assert(
    fc.property(broken, (objects) =>
      checkManifests(objects).every(({ message, fix }) => message !== '' && fix !== '' && !/undefined|\[object/.test(message)),
    ),
    { numRuns: 50 },
  );
});

test('an object that contains itself has an end', () => {
  const object = deployment() as Record<string, unknown>;
  object.spec = { ...(object.spec as object), self: object };
  expect(checkManifests([object]).length).toBeGreaterThanOrEqual(0);
});

describe("this library's own output", () => {
  const GOLDEN = join(__dirname, '../golden');

  test.each(readdirSync(GOLDEN))('%s', (file) => {
    const objects = parseAllDocuments(readFileSync(join(GOLDEN, file), 'utf8')).map((document) => document.toJS());
    const found = checkManifests(objects).filter(({ rule, severity }) => /^(?:SEC|STS|GIT|REV|SUP)-/.test(rule) && severity === 'error');
    expect(found).toEqual([]);
  });
});
