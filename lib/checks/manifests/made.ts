import { type Fields, fields, isFields, list, text } from './look';
import type { Manifest } from './manifests';

/** One object that is there once the manifests are applied. */
export interface Made {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** `*` where it is in every namespace, empty where it belongs to the whole cluster. */
  readonly namespace: string;
  /** What it holds; none where only the cluster knows. */
  readonly keys?: ReadonlySet<string>;
}

const RBAC = 'rbac.authorization.k8s.io';

/** What Kubernetes itself has, in every cluster. */
export const ALWAYS: readonly Made[] = [
  { group: '', kind: 'ServiceAccount', name: 'default', namespace: '*' },
  { group: '', kind: 'ConfigMap', name: 'kube-root-ca.crt', namespace: '*', keys: new Set(['ca.crt']) },
  { group: '', kind: 'Service', name: 'kubernetes', namespace: 'default' },
  { group: '', kind: 'ConfigMap', name: 'extension-apiserver-authentication', namespace: 'kube-system' },
  ...['cluster-admin', 'admin', 'edit', 'view'].map((name) => ({ group: RBAC, kind: 'ClusterRole', name, namespace: '' })),
  { group: RBAC, kind: 'Role', name: 'extension-apiserver-authentication-reader', namespace: 'kube-system' },
];

/** A claim template of a StatefulSet, by the name that its claims begin with; it stands for all of them. */
export const CLAIMS = 'PersistentVolumeClaim of a StatefulSet';

/** What controllers make from an object, beside itself. */
export function madeBy(manifest: Manifest): Made[] {
  const make = Object.hasOwn(MAKERS, manifest.kind) ? MAKERS[manifest.kind] : undefined;
  const connection = fields(manifest.object, 'spec', 'writeConnectionSecretToRef'); // of everything that Crossplane provides
  return [
    ...(make?.(manifest) ?? []),
    ...secret(text(connection, 'name'), text(connection, 'namespace') ?? manifest.namespace),
    ...(manifest.pod?.containers ?? []).flatMap(({ spec }) =>
      [...list(spec, 'args'), ...list(spec, 'command')].flatMap((word) => secret(secretArgument(word), manifest.namespace)),
    ),
  ];
}

/** Jobs of charts make a certificate for a webhook: `create --secret-name=NAME`. */
function secretArgument(word: unknown): string | undefined {
  return typeof word === 'string' && word.startsWith('--secret-name=') ? word.slice('--secret-name='.length) : undefined;
}

function secret(name: string | undefined, namespace: string, keys?: ReadonlySet<string>): Made[] {
  return name ? [{ group: '', kind: 'Secret', name, namespace, ...(keys && { keys }) }] : [];
}

/** By kind; the names are distinct enough that the group need not be asked. */
const MAKERS: Readonly<Record<string, (manifest: Manifest) => Made[]>> = {
  Bundle: ({ name }) => [{ group: '', kind: 'ConfigMap', name, namespace: '*' }, ...secret(name, '*')], // trust-manager
  Certificate: ({ object, namespace }) => secret(text(object, 'spec', 'secretName'), namespace),
  ClusterExternalSecret: ({ object, name }) =>
    secret(text(object, 'spec', 'externalSecretSpec', 'target', 'name') ?? text(object, 'spec', 'externalSecretName') ?? name, '*'),
  ClusterIssuer: ({ object }) => secret(text(object, 'spec', 'acme', 'privateKeySecretRef', 'name'), '*'),
  ExternalSecret: externalSecret,
  Gateway: ({ object, namespace, annotations }) =>
    hasIssuer(annotations)
      ? list(object, 'spec', 'listeners').flatMap((listener) =>
          list(listener, 'tls', 'certificateRefs').flatMap((entry) => secret(text(entry, 'name'), namespace)),
        )
      : [],
  Ingress: ({ object, namespace, annotations }) =>
    hasIssuer(annotations) ? list(object, 'spec', 'tls').flatMap((entry) => secret(text(entry, 'secretName'), namespace)) : [],
  Issuer: ({ object, namespace }) => secret(text(object, 'spec', 'acme', 'privateKeySecretRef', 'name'), namespace),
  OnePasswordItem: ({ name, namespace }) => secret(name, namespace),
  Role: writable,
  SealedSecret: sealedSecret,
  SecretProviderClass: ({ object, namespace }) =>
    list(object, 'spec', 'secretObjects').flatMap((entry) => secret(text(entry, 'secretName'), namespace)),
  SopsSecret: ({ object, namespace }) => list(object, 'spec', 'secretTemplates').flatMap((entry) => secret(text(entry, 'name'), namespace)),
  StatefulSet: ({ object, name, namespace }) =>
    list(object, 'spec', 'volumeClaimTemplates').map((template) => ({
      group: '',
      kind: CLAIMS,
      name: `${text(template, 'metadata', 'name') ?? ''}-${name}`,
      namespace,
    })),
  VaultDynamicSecret: vaultSecret,
  VaultPKISecret: vaultSecret,
  VaultStaticSecret: vaultSecret,
};

/** A Role that lets its holder create Secrets or ConfigMaps, and names some, is for a program that makes these when it starts. */
function writable({ object, namespace }: Manifest): Made[] {
  const rules = list(object, 'rules');
  const covers = (rule: unknown, resource: string) => list(rule, 'resources').includes(resource);
  return [
    { kind: 'Secret', resource: 'secrets' },
    { kind: 'ConfigMap', resource: 'configmaps' },
  ].flatMap(({ kind, resource }) => {
    if (!rules.some((rule) => covers(rule, resource) && list(rule, 'verbs').includes('create'))) return [];
    const names = rules.filter((rule) => covers(rule, resource)).flatMap((rule) => list(rule, 'resourceNames'));
    return names.flatMap((name) => (typeof name === 'string' ? { group: '', kind, name, namespace } : []));
  });
}

function vaultSecret({ object, namespace }: Manifest): Made[] {
  return secret(text(object, 'spec', 'destination', 'name'), namespace);
}

function externalSecret({ object, name, namespace }: Manifest): Made[] {
  const target = fields(object, 'spec', 'target');
  const policy = text(target, 'creationPolicy');
  if (policy === 'None') return [];
  const all = policy !== 'Merge' && list(object, 'spec', 'dataFrom').length === 0 && !isFields(target.template);
  const keys = list(object, 'spec', 'data').flatMap((entry) => text(entry, 'secretKey') ?? []);
  return secret(text(target, 'name') || name, namespace, all ? new Set(keys) : undefined);
}

function sealedSecret({ object, name, namespace }: Manifest): Made[] {
  const template = fields(object, 'spec', 'template');
  const sealed = Object.keys(fields(object, 'spec', 'encryptedData'));
  const keys = new Set([...sealed, ...Object.keys(fields(template, 'data'))]);
  return secret(text(template, 'metadata', 'name') || name, namespace, sealed.length > 0 ? keys : undefined);
}

/** Whether cert-manager makes a certificate for an Ingress or a Gateway. */
function hasIssuer(annotations: Readonly<Record<string, string>>): boolean {
  return ['cert-manager.io/issuer', 'cert-manager.io/cluster-issuer', 'kubernetes.io/tls-acme'].some((key) => annotations[key]);
}

/** What a Secret or ConfigMap of the manifests holds; none where it is empty, so that something fills it in the cluster, or where that adds to it. */
export function keysOf({ kind, object }: Manifest): ReadonlySet<string> | undefined {
  if (kind !== 'Secret' && kind !== 'ConfigMap') return undefined;
  if (text(object, 'type') === 'kubernetes.io/service-account-token') return undefined;
  const parts: Fields[] = ['data', 'stringData', 'binaryData'].map((part) => fields(object, part));
  const keys = parts.flatMap((part) => Object.keys(part));
  return keys.length > 0 ? new Set(keys) : undefined;
}
