import { type Fields, fields, list, text } from './look';
import type { Manifest } from './manifests';
import { named, podReferences, type Reference } from './references';

/**
 * Everything that an object names and cannot do without, or does without only where it says so.
 *
 * Not what a platform gives: classes of storage, ingress and priority, Gateways, certificate issuers and secret stores.
 */
export function references(manifest: Manifest): Reference[] {
  const own = Object.hasOwn(OTHERS, manifest.kind) ? OTHERS[manifest.kind] : undefined;
  const { pod } = manifest;
  return [
    ...(pod ? podReferences(manifest as Manifest & { readonly pod: typeof pod }) : []),
    ...(own?.groups.includes(manifest.group) ? own.find(manifest) : []),
  ];
}

interface Finder {
  readonly groups: readonly string[];
  readonly find: (manifest: Manifest) => Reference[];
}

const ROUTES: Finder = { groups: ['gateway.networking.k8s.io'], find: routeBackends };
const BINDING: Finder = { groups: ['rbac.authorization.k8s.io'], find: binding };
const WEBHOOKS: Finder = { groups: ['admissionregistration.k8s.io'], find: webhooks };

const OTHERS: Readonly<Record<string, Finder>> = {
  APIService: { groups: ['apiregistration.k8s.io'], find: ({ object }) => service(fields(object, 'spec', 'service'), 'spec.service') },
  ClusterRoleBinding: BINDING,
  GRPCRoute: ROUTES,
  HTTPRoute: ROUTES,
  HorizontalPodAutoscaler: { groups: ['autoscaling'], find: scaled },
  Ingress: { groups: ['networking.k8s.io'], find: ingress },
  Issuer: { groups: ['cert-manager.io'], find: issuer },
  MutatingWebhookConfiguration: WEBHOOKS,
  PodMonitor: { groups: ['monitoring.coreos.com'], find: monitor },
  RoleBinding: BINDING,
  ServiceAccount: { groups: [''], find: account },
  ServiceMonitor: { groups: ['monitoring.coreos.com'], find: monitor },
  StatefulSet: { groups: ['apps'], find: governingService },
  TCPRoute: ROUTES,
  TLSRoute: ROUTES,
  UDPRoute: ROUTES,
  ValidatingWebhookConfiguration: WEBHOOKS,
};

function governingService({ object, namespace }: Manifest): Reference[] {
  return named('Service', fields(object, 'spec'), namespace, 'spec', 'serviceName');
}

function scaled({ object, namespace }: Manifest): Reference[] {
  const target = fields(object, 'spec', 'scaleTargetRef');
  const version = text(target, 'apiVersion') ?? '';
  const group = version.includes('/') ? (version.split('/')[0] ?? '') : '';
  return named(text(target, 'kind') ?? '', target, namespace, 'spec.scaleTargetRef', 'name').map((found) => ({ ...found, group }));
}

function binding({ object, namespace }: Manifest): Reference[] {
  const role = fields(object, 'roleRef');
  const kind = text(role, 'kind') === 'Role' ? 'Role' : 'ClusterRole';
  const of = kind === 'Role' ? namespace : '';
  return [
    ...named(kind, role, of, 'roleRef', 'name').map((found) => ({ ...found, group: 'rbac.authorization.k8s.io' })),
    ...list(object, 'subjects').flatMap((subject, i) =>
      text(subject, 'kind') === 'ServiceAccount'
        ? named('ServiceAccount', subject, text(subject, 'namespace') ?? namespace, `subjects[${i}]`, 'name')
        : [],
    ),
  ];
}

function account({ object, namespace }: Manifest): Reference[] {
  return list(object, 'imagePullSecrets').flatMap((entry, i) => named('Secret', entry, namespace, `imagePullSecrets[${i}]`, 'name'));
}

function ingress({ object, namespace }: Manifest): Reference[] {
  const backend = (value: unknown, field: string) =>
    text(value, 'service', 'port', 'name') === 'use-annotation' // the name is of an action, to the controller of AWS
      ? []
      : named('Service', fields(value, 'service'), namespace, `${field}.service`, 'name');
  return [
    ...backend(fields(object, 'spec', 'defaultBackend'), 'spec.defaultBackend'),
    ...list(object, 'spec', 'rules').flatMap((rule, i) =>
      list(rule, 'http', 'paths').flatMap((path, j) => backend(fields(path, 'backend'), `spec.rules[${i}].http.paths[${j}].backend`)),
    ),
    ...list(object, 'spec', 'tls').flatMap((entry, i) => named('Secret', entry, namespace, `spec.tls[${i}]`, 'secretName')),
  ];
}

function routeBackends({ object, namespace }: Manifest): Reference[] {
  return list(object, 'spec', 'rules').flatMap((rule, i) =>
    list(rule, 'backendRefs').flatMap((entry, j) =>
      (text(entry, 'kind') ?? 'Service') === 'Service' && (text(entry, 'group') ?? '') === ''
        ? named('Service', entry, text(entry, 'namespace') ?? namespace, `spec.rules[${i}].backendRefs[${j}]`, 'name')
        : [],
    ),
  );
}

/** A cluster's issuers read their Secret from a namespace that only the cluster knows, so those are not asked. */
function issuer({ object, namespace }: Manifest): Reference[] {
  return named('Secret', fields(object, 'spec', 'ca'), namespace, 'spec.ca', 'secretName');
}

function webhooks({ object }: Manifest): Reference[] {
  return list(object, 'webhooks').flatMap((webhook, i) =>
    service(fields(webhook, 'clientConfig', 'service'), `webhooks[${i}].clientConfig.service`),
  );
}

function service(holder: Fields, field: string): Reference[] {
  return named('Service', holder, text(holder, 'namespace') ?? 'default', field, 'name');
}

function monitor({ object, namespace }: Manifest): Reference[] {
  return ['endpoints', 'podMetricsEndpoints'].flatMap((where) =>
    list(object, 'spec', where).flatMap((endpoint, i) => scrapeCredentials(endpoint, namespace, `spec.${where}[${i}]`)),
  );
}

/** Where Prometheus' operator wants a key of a Secret, or of either. */
const SCRAPE_SECRETS = [
  'bearerTokenSecret',
  'basicAuth.username',
  'basicAuth.password',
  'authorization.credentials',
  'oauth2.clientSecret',
  'tlsConfig.keySecret',
];
const SCRAPE_EITHER = ['tlsConfig.ca', 'tlsConfig.cert', 'oauth2.clientId'];

function scrapeCredentials(endpoint: unknown, namespace: string, field: string): Reference[] {
  const key = (kind: string, path: string): Reference[] => {
    const holder = fields(endpoint, ...path.split('.'));
    const asked = text(holder, 'key');
    return named(kind, holder, namespace, `${field}.${path}`, 'name', 'other', asked ? [asked] : []);
  };
  return [
    ...SCRAPE_SECRETS.flatMap((path) => key('Secret', path)),
    ...SCRAPE_EITHER.flatMap((path) => [...key('Secret', `${path}.secret`), ...key('ConfigMap', `${path}.configMap`)]),
  ];
}
