// Charts of 15 objects each, as plain cdk8s users write them, in a process of its own: node charts.cjs plain|unchecked|checked CHARTS. Prints JSON.
const { App, Chart } = require('cdk8s');
const { k8s } = require('cdk8s-plus-27');
const { StatefulApp } = require('cdk8s-stateful');

process.removeAllListeners('warning').on('warning', () => {});

const [kind, count] = [process.argv[2], Number(process.argv[3])];
const APPS = {
  plain: () => new App(),
  unchecked: () => new StatefulApp({ checks: false }),
  checked: () => new StatefulApp(),
};

const image = (name) => `registry.example/${name}:1.2.3@sha256:${'0123456789abcdef'.repeat(4)}`;
const memory = k8s.Quantity.fromString('256Mi');
const KEEP = { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false', 'kustomize.toolkit.fluxcd.io/prune': 'disabled' };

const labels = (part) => ({ 'app.kubernetes.io/name': 'shop', 'app.kubernetes.io/instance': 'shop', 'app.kubernetes.io/component': part });

function pod(name, part, more = {}) {
  return {
    metadata: { labels: labels(part) },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      terminationGracePeriodSeconds: 60,
      containers: [
        {
          name,
          image: image(name),
          env: ['HOST', 'PORT', 'MODE', 'LEVEL'].map((key) => ({ name: key, value: `${key.toLowerCase()}-of-${name}` })),
          ports: [{ name: 'main', containerPort: 8080, protocol: 'TCP' }],
          resources: { requests: { cpu: k8s.Quantity.fromString('100m'), memory }, limits: { memory } },
          readinessProbe: { httpGet: { path: '/ready', port: k8s.IntOrString.fromString('main') }, periodSeconds: 5 },
          livenessProbe: { httpGet: { path: '/live', port: k8s.IntOrString.fromString('main') }, periodSeconds: 20 },
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        },
      ],
      volumes: [{ name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString('64Mi') } }],
      ...more,
    },
  };
}

/** A database, a web application, a nightly job, and what belongs to them. */
function fill(chart) {
  const meta = (name, part) => ({ name, labels: labels(part) });
  const port = (name) => ({ name, port: 8080, targetPort: k8s.IntOrString.fromString('main'), protocol: 'TCP' });
  for (const part of ['db', 'web']) {
    new k8s.KubeServiceAccount(chart, `${part}-account`, { metadata: meta(part, part), automountServiceAccountToken: false });
    new k8s.KubeConfigMap(chart, `${part}-config`, {
      metadata: meta(part, part),
      data: { 'app.conf': 'mode = fast\nlevel = 3\n', region: 'eu-central-1' },
    });
    new k8s.KubeService(chart, `${part}-service`, { metadata: meta(part, part), spec: { selector: labels(part), ports: [port('main')] } });
    new k8s.KubeNetworkPolicy(chart, `${part}-policy`, {
      metadata: meta(part, part),
      spec: {
        podSelector: { matchLabels: labels(part) },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ ports: [{ port: k8s.IntOrString.fromNumber(8080), protocol: 'TCP' }] }],
        egress: [{ ports: [{ port: k8s.IntOrString.fromNumber(53), protocol: 'UDP' }] }],
      },
    });
    new k8s.KubePodDisruptionBudget(chart, `${part}-budget`, {
      metadata: meta(part, part),
      spec: { maxUnavailable: k8s.IntOrString.fromNumber(1), selector: { matchLabels: labels(part) } },
    });
  }
  new k8s.KubeStatefulSet(chart, 'db', {
    metadata: { ...meta('db', 'db'), annotations: KEEP },
    spec: {
      replicas: 3,
      serviceName: 'db',
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: labels('db') },
      template: pod('postgres', 'db'),
      volumeClaimTemplates: [
        {
          metadata: { name: 'data', annotations: KEEP },
          spec: {
            accessModes: ['ReadWriteOnce'],
            volumeMode: 'Filesystem',
            resources: { requests: { storage: k8s.Quantity.fromString('10Gi') } },
          },
        },
      ],
    },
  });
  new k8s.KubeDeployment(chart, 'web', {
    metadata: meta('web', 'web'),
    spec: { replicas: 2, selector: { matchLabels: labels('web') }, template: pod('web', 'web') },
  });
  new k8s.KubeCronJob(chart, 'nightly', {
    metadata: meta('nightly', 'nightly'),
    spec: {
      schedule: '17 3 * * *',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 3600,
      jobTemplate: { spec: { template: pod('nightly', 'nightly', { restartPolicy: 'Never' }) } },
    },
  });
  new k8s.KubeRole(chart, 'role', {
    metadata: meta('db', 'db'),
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
  });
  new k8s.KubeRoleBinding(chart, 'binding', {
    metadata: meta('db', 'db'),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'db' },
    subjects: [{ kind: 'ServiceAccount', name: 'db' }],
  });
}

function run(charts) {
  const app = APPS[kind]();
  for (let i = 0; i < charts; i++) fill(new Chart(app, `shop-${i}`, { namespace: `shop-${i}` }));
  const [start, used] = [performance.now(), process.cpuUsage()];
  app.synth();
  const { user, system } = process.cpuUsage(used);
  return { ms: performance.now() - start, cpu: (user + system) / 1000 };
}

for (let i = 0; i < Number(process.argv[4] ?? 0); i++) run(100); // warms up
const { ms, cpu } = run(count);
console.log(JSON.stringify({ ms, cpu, peak: process.resourceUsage().maxRSS / 1024 }));
