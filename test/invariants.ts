import { parse } from 'yaml';
import type { Json } from './support';

/** What must hold for every object that is ever emitted; each returns sentences about what is wrong. */
export const INVARIANTS: Record<string, (objects: Json[]) => string[]> = {
  'nothing that a controller or a user owns: no Endpoints, EndpointSlice, Secret or status': (objects) => [
    ...objects.filter((o) => ['Endpoints', 'EndpointSlice', 'Secret'].includes(o.kind)).map(nameOf),
    ...objects.filter((o) => 'status' in o).map((o) => `${nameOf(o)} has a status`),
  ],

  'every name is given, none is made by cdk8s from the path': (objects) =>
    objects.filter((o) => !o.metadata?.name || /-c8[0-9a-f]{6}$/.test(o.metadata.name)).map(nameOf),

  'no two objects are one': (objects) => {
    const keys = objects.map((o) => `${nameOf(o)} in ${o.metadata.namespace}`);
    return keys.filter((key, i) => keys.indexOf(key) !== i);
  },

  "no ConfigMap has the name of one that is Patroni's": (objects) => {
    const state = clusters(objects).flatMap(({ scope }) => ['leader', 'config', 'failover', 'sync'].map((part) => `${scope}-${part}`));
    return objects.filter((o) => o.kind === 'ConfigMap' && state.includes(o.metadata.name)).map(nameOf);
  },

  "nothing but the members carries Patroni's labels": (objects) =>
    clusters(objects).flatMap(({ scope, labels }) => {
      const has = (given: Json = {}) => Object.entries(labels).every(([key, value]) => given[key] === value);
      const others = objects.filter((o) => !(o.kind === 'StatefulSet' && o.metadata.name === scope));
      const pods = others.filter((o) => has(podTemplateOf(o)?.metadata?.labels)).map((o) => `a pod of ${nameOf(o)}`);
      return [...pods, ...objects.filter((o) => has(o.metadata.labels)).map(nameOf)];
    }),

  'every quantity is as the API server would write it': (objects) =>
    objects.flatMap((o) =>
      quantities(o)
        .filter(([, value]) => !canonical(value))
        .map(([path, value]) => `${nameOf(o)}: ${path} is ${JSON.stringify(value)}`),
    ),

  'every port has its protocol': (objects) =>
    objects.flatMap((o) =>
      ports(o)
        .filter((port) => !port.protocol)
        .map((port) => `${nameOf(o)}: ${JSON.stringify(port)}`),
    ),

  'every container has requests, and a memory limit': (objects) =>
    objects.flatMap((o) =>
      containersOf(o)
        .filter(({ resources = {} }) => !resources.requests?.cpu || !resources.requests?.memory || !resources.limits?.memory)
        .map((c) => `${nameOf(o)}: ${c.name}`),
    ),

  'every container meets restricted Pod Security': (objects) =>
    objects.flatMap((o) =>
      containersOf(o).flatMap((c) => unrestricted(podTemplateOf(o).spec.securityContext, c).map((x) => `${nameOf(o)}: ${c.name} ${x}`)),
    ),

  'every claim template is complete': (objects) =>
    objects.flatMap((o) =>
      (o.spec?.volumeClaimTemplates ?? [])
        .filter((t: Json) => !(t.apiVersion && t.kind && t.metadata.name && t.spec.volumeMode && t.spec.accessModes))
        .map(() => `${nameOf(o)}: a claim template`),
    ),
};

function nameOf(object: Json): string {
  return `${object.kind}/${object.metadata?.name}`;
}

function podTemplateOf({ kind, spec }: Json): Json {
  if (kind === 'Pod') return { spec };
  return kind === 'CronJob' ? spec.jobTemplate.spec.template : spec?.template;
}

function containersOf(object: Json): Json[] {
  const { containers = [], initContainers = [] } = podTemplateOf(object)?.spec ?? {};
  return [...initContainers, ...containers];
}

/** Scope and labels of every Patroni cluster, from what Patroni itself is told. */
function clusters(objects: Json[]): { scope: string; labels: Record<string, string> }[] {
  return objects
    .filter((o) => o.kind === 'ConfigMap' && o.data?.['patroni.yaml'])
    .map((o) => parse(o.data['patroni.yaml']))
    .map(({ scope, kubernetes }) => ({ scope, labels: { ...kubernetes.labels, [kubernetes.scope_label]: scope } }));
}

/** Whatever lies in `requests`, `limits`, `capacity` or `sizeLimit`, with its path. */
function quantities(value: Json, path = ''): [string, string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): [string, string][] => {
    if (key === 'sizeLimit') return [[`${path}.${key}`, inner as string]];
    if (['requests', 'limits', 'capacity'].includes(key))
      return Object.entries(inner as object).map(([k, v]) => [`${path}.${key}.${k}`, v]);
    return quantities(inner, `${path}.${key}`);
  });
}

/** `1Gi` and not `1024Mi`, `1` and not `1000m`; a text and not a number. */
function canonical(value: unknown): boolean {
  const [, digits = '', unit = ''] = /^([1-9]\d*)(|m|Ki|Mi|Gi|Ti|Pi)$/.exec(typeof value === 'string' ? value : '') ?? [];
  if (digits === '') return false;
  return Number(digits) % (unit === 'm' ? 1000 : unit === '' || unit === 'Pi' ? Number.POSITIVE_INFINITY : 1024) !== 0;
}

function ports(object: Json): Json[] {
  const rules = [...(object.spec?.ingress ?? []), ...(object.spec?.egress ?? [])].flatMap((rule: Json) => rule.ports ?? []);
  const own = object.kind === 'Service' ? (object.spec.ports ?? []) : [];
  return [...own, ...(object.kind === 'NetworkPolicy' ? rules : []), ...containersOf(object).flatMap((c) => c.ports ?? [])];
}

function unrestricted(pod: Json = {}, { securityContext: own = {} }: Json): string[] {
  const nonRoot = own.runAsNonRoot ?? pod.runAsNonRoot;
  const seccomp = own.seccompProfile?.type ?? pod.seccompProfile?.type;
  return [
    ...(nonRoot ? [] : ['may be root']),
    ...(own.allowPrivilegeEscalation === false ? [] : ['may escalate']),
    ...(own.capabilities?.drop?.includes('ALL') ? [] : ['keeps capabilities']),
    ...(['RuntimeDefault', 'Localhost'].includes(seccomp) ? [] : ['has no seccomp profile']),
    ...(own.readOnlyRootFilesystem ? [] : ['may write its root file system']),
  ];
}
