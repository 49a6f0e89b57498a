import type { k8s } from 'cdk8s-plus-27';
import type { CertificateProps } from '../../imports/cert-manager.io';
import { certificateSpec } from '../internal/certificate';
import { SecretKey } from '../platform';
import { type HaPostgresNames, type HaPostgresPlan, PATHS } from './plan';
import type { PodPart } from './pod-part';
import type { PostgresTls } from './postgres';
import type { HaPostgresProps } from './props';

/** Where the certificate is, and what is asked of clients. */
export interface TlsPlan {
  /** Secret with `tls.crt`, `tls.key` and `ca.crt`. */
  readonly secretName: string;
  /** What clients' certificates are verified by. */
  readonly clientAuthority: SecretKey;
  readonly requireSsl: boolean;
}

export function planTls(props: HaPostgresProps, names: HaPostgresNames): TlsPlan | undefined {
  if (!props.tls) return undefined;
  const { certificate, clientAuthority, requireSsl = true } = props.tls;
  const secretName = certificate.secretName ?? names.tls;
  return { secretName, clientAuthority: clientAuthority ?? SecretKey.of(secretName, 'ca.crt'), requireSsl };
}

/** What clients are told. */
export function postgresTls({ tls }: HaPostgresPlan): PostgresTls {
  if (!tls) return { mode: 'off' };
  return { mode: tls.requireSsl ? 'required' : 'allowed', authority: SecretKey.of(tls.secretName, 'ca.crt') };
}

/** Nothing where the Secret exists already. */
export function certificate(plan: HaPostgresPlan): CertificateProps | undefined {
  const { issuer } = plan.props.tls?.certificate ?? {};
  if (!plan.tls || !issuer) return undefined;
  return {
    metadata: plan.kept(plan.names.tls, 'database'),
    spec: certificateSpec(issuer, plan.tls.secretName, plan.names.cluster, dnsNames(plan)),
  };
}

/** Every name by which a client may ask: the Services and the single members, short and as far as the namespace is known. */
function dnsNames({ names, namespace, pooler }: HaPostgresPlan): string[] {
  const hosts = [names.cluster, names.replica, ...(pooler ? [names.pooler] : []), names.pods, `*.${names.pods}`];
  const domains = namespace ? ['', `.${namespace}`, `.${namespace}.svc`] : [''];
  return [...hosts.flatMap((host) => domains.map((domain) => `${host}${domain}`)), 'localhost'];
}

/**
 * The certificate in the members' pods, and beside it what only a member that has one may be told: the folder comes and goes
 * with the pod, while a ConfigMap changes under the old pods of a rolling update too.
 */
export function tlsPart(plan: HaPostgresPlan): PodPart {
  const { tls } = plan;
  const { restApi } = plan.props.patroni ?? {};
  const env: k8s.EnvVar[] = [
    ...(restApi ? [{ name: 'RESTAPI_USERNAME', value: restApi.username ?? 'patroni' }] : []),
    // A cluster that is followed has an authority of its own, which nobody here knows.
    ...(tls ? [{ name: 'MEMBERS_SSLMODE', value: plan.standby?.host ? 'prefer' : 'verify-ca' }] : []),
  ];
  if (!tls) return { patroni: { env }, agent: { env } };
  const volumeMounts: k8s.VolumeMount[] = [{ name: 'tls', mountPath: PATHS.tls, readOnly: true }];
  const name = { name: 'TLS_NAME', value: plan.hostName(plan.names.cluster) }; // as clients know it
  return { volumes: [tlsVolume(plan, tls)], patroni: { env, volumeMounts }, agent: { env: [...env, name], volumeMounts } };
}

/** PostgreSQL takes a key of root's that its own group may read, and nobody else. */
function tlsVolume(plan: HaPostgresPlan, { secretName, clientAuthority }: TlsPlan): k8s.Volume {
  const items = ['tls.crt', 'tls.key', 'ca.crt'].map((key) => ({ key, path: key }));
  return {
    name: 'tls',
    projected: {
      defaultMode: 0o440,
      sources: [
        { secret: { name: secretName, items } },
        // Always there, so that another authority is another pod and never a file that an old pod lacks.
        { secret: { name: clientAuthority.secretName, items: [{ key: clientAuthority.key, path: 'client-ca.crt' }] } },
        { configMap: { name: plan.names.patroniConfig, items: [{ key: 'tls.yaml', path: 'patroni.yaml' }] } },
      ],
    },
  };
}
