import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { k8s } from 'cdk8s-plus-27';
import { resourceRequirements, resourcesOr, sizeQuantity } from '../internal/quantity';
import { RESTRICTED_CONTAINER } from '../internal/security';
import { backupPart } from './backups';
import { exporterPart } from './monitoring';
import { POSTGRESQL_PORT_NAME } from './patroni';
import { type HaPostgresPlan, PATHS, PORTS } from './plan';
import { addedContainer, addedEnvironment, addedInitContainer, addedVolumes } from './pod-additions';
import type { PodPart } from './pod-part';
import { recoveryPart } from './recovery';
import { scheduling } from './scheduling';
import { scripts } from './scripts';
import { podSecurity } from './security';
import { tablespacePart } from './tablespaces';
import { tlsPart } from './tls';
import { upgradePart } from './upgrade';
import { credentialsVolume } from './volumes';

/** Names that sidecars and further volumes cannot have. */
export const CONTAINERS = ['patroni', 'agent'];
export const VOLUMES = ['run', 'tmp', 'dshm', 'patroni', 'scripts', 'credentials', 'kube-api-access'];

/** So that the scheduler counts the member at all. */
const DEFAULT_CPU: kplus.ContainerResources = { cpu: { request: kplus.Cpu.millis(100) } };

/** What the features of this instance add. */
export function podParts(plan: HaPostgresPlan): PodPart[] {
  return [tlsPart, backupPart, recoveryPart, tablespacePart, exporterPart, upgradePart].map((part) => part(plan));
}

/** One member: PostgreSQL under Patroni, and the agent that keeps it as Git says. */
export function podTemplate(plan: HaPostgresPlan): k8s.PodTemplateSpec {
  const { pod = {} } = plan.props;
  const parts = podParts(plan);
  const initContainers = [...parts.flatMap((part) => part.initContainers ?? []), ...(pod.initContainers ?? []).map(addedInitContainer)];
  return {
    metadata: {
      labels: { ...pod.labels, ...plan.metadata('', 'database').labels, ...plan.patroni.memberLabels },
      annotations: { ...pod.annotations, 'checksum/scripts': scripts(plan).checksum }, // a running bash keeps what it has read
    },
    spec: {
      serviceAccountName: plan.names.cluster,
      automountServiceAccountToken: false, // Patroni's container alone mounts one
      ...(pod.imagePullSecrets && { imagePullSecrets: pod.imagePullSecrets.map((name) => ({ name })) }),
      enableServiceLinks: false,
      terminationGracePeriodSeconds: plan.gracePeriod, // the shutdown checkpoint of a large buffer cache takes minutes
      securityContext: podSecurity(plan),
      ...scheduling(plan, 'database', plan.props.placement),
      ...(initContainers.length > 0 && { initContainers }),
      containers: [
        patroniContainer(plan, parts),
        agentContainer(plan, parts),
        ...parts.flatMap((part) => part.containers ?? []),
        ...(pod.sidecars ?? []).map(addedContainer),
      ],
      volumes: [...podVolumes(plan), ...parts.flatMap((part) => part.volumes ?? []), ...addedVolumes(pod)],
    },
  };
}

function patroniContainer(plan: HaPostgresPlan, parts: PodPart[]): k8s.Container {
  const { pod = {}, resources } = plan.props;
  const { volumes } = plan;
  return {
    name: 'patroni',
    image: plan.image.toString(),
    imagePullPolicy: 'IfNotPresent', // a registry's outage must not stop a failover
    command: ['bash', `${PATHS.scripts}/start.sh`],
    env: [...patroniEnvironment(plan), ...parts.flatMap((part) => part.patroni?.env ?? []), ...addedEnvironment(pod)],
    ports: [
      { name: POSTGRESQL_PORT_NAME, containerPort: PORTS.postgresql, protocol: 'TCP' },
      { name: 'patroni', containerPort: PORTS.restApi, protocol: 'TCP' },
    ],
    ...probes(plan),
    lifecycle: { preStop: { exec: { command: ['bash', `${PATHS.scripts}/pre-stop.sh`] } } },
    resources: withHugePages(resourceRequirements(resourcesOr(resources, DEFAULT_CPU)), plan.props.postgresql?.hugePages),
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: [
      { name: volumes.dataClaim, mountPath: volumes.data },
      ...(plan.props.walStorage ? [{ name: volumes.walClaim, mountPath: volumes.wal }] : []),
      { name: 'dshm', mountPath: PATHS.sharedMemory },
      { name: 'kube-api-access', mountPath: PATHS.serviceAccount, readOnly: true }, // Patroni's state is in the API
      ...sharedMounts(),
      ...parts.flatMap((part) => part.patroni?.volumeMounts ?? []),
      ...(pod.volumeMounts ?? []).map(({ volume, path, ...options }) => ({
        name: volume.name,
        mountPath: path,
        readOnly: options.readOnly,
        subPath: options.subPath,
        subPathExpr: options.subPathExpr,
        mountPropagation: options.propagation,
      })),
    ],
  };
}

/** Kubernetes wants as many requested as allowed. */
function withHugePages({ requests, limits }: k8s.ResourceRequirements, size: Size | undefined): k8s.ResourceRequirements {
  if (!size) return { requests, ...(limits && { limits }) };
  const pages = { 'hugepages-2Mi': sizeQuantity(size) };
  return { requests: { ...requests, ...pages }, limits: { ...limits, ...pages } };
}

function agentContainer(plan: HaPostgresPlan, parts: PodPart[]): k8s.Container {
  return {
    name: 'agent',
    image: plan.image.toString(),
    imagePullPolicy: 'IfNotPresent',
    command: ['bash', `${PATHS.scripts}/agent.sh`],
    env: [...agentEnvironment(plan), ...parts.flatMap((part) => part.agent?.env ?? [])],
    resources: resourceRequirements({
      cpu: { request: kplus.Cpu.millis(10) },
      memory: { request: Size.mebibytes(32), limit: Size.mebibytes(64) },
    }),
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: [...sharedMounts(), ...parts.flatMap((part) => part.agent?.volumeMounts ?? [])],
  };
}

/** What both containers see: the socket, Patroni's configuration folder, Git's part of it, the passwords, the scripts. */
export function sharedMounts(): k8s.VolumeMount[] {
  return [
    { name: 'run', mountPath: PATHS.run },
    { name: 'tmp', mountPath: PATHS.tmp },
    { name: 'patroni', mountPath: PATHS.patroni, readOnly: true },
    { name: 'credentials', mountPath: PATHS.credentials, readOnly: true },
    { name: 'scripts', mountPath: PATHS.scripts, readOnly: true },
  ];
}

const field = (name: string, fieldPath: string): k8s.EnvVar => ({ name, valueFrom: { fieldRef: { fieldPath } } });

/** What the scripts of both containers read. */
function scriptEnvironment(plan: HaPostgresPlan): k8s.EnvVar[] {
  return [
    field('POD_REVISION', "metadata.labels['controller-revision-hash']"),
    { name: 'PATRONI_CONFIG_DIR', value: `${PATHS.run}/patroni` },
    { name: 'SUPERUSER', value: plan.logins.superuser },
    { name: 'PKGLIBDIR', value: `/usr/lib/postgresql/${plan.postgresVersion}/lib` }, // as pg_config calls it: what can be preloaded
  ];
}

/** What only the pod itself can tell Patroni; all else is in its file. */
export function patroniEnvironment(plan: HaPostgresPlan): k8s.EnvVar[] {
  return [
    field('PATRONI_NAME', 'metadata.name'), // a member is its pod
    field('PATRONI_KUBERNETES_NAMESPACE', 'metadata.namespace'),
    field('PATRONI_KUBERNETES_POD_IP', 'status.podIP'),
    ...addressFamily(plan),
    { name: 'PATRONICTL_CONFIG_FILE', value: `${PATHS.run}/patroni` }, // for people: kubectl exec … patronictl list
    { name: 'PATRONI_STATE', value: `${plan.dcs === 'endpoints' ? 'endpoints' : 'configmaps'}/${plan.names.state.config}` },
    { name: 'PGDATA', value: plan.volumes.pgdata },
    ...(plan.props.walStorage ? [{ name: 'WALDIR', value: plan.volumes.waldir }] : []),
    ...scriptEnvironment(plan),
  ];
}

/** Where the Services have a family, members call each other by their addresses of that one; start.sh chooses. */
function addressFamily(plan: HaPostgresPlan): k8s.EnvVar[] {
  const [family] = plan.props.services?.ipFamilies ?? [];
  return family ? [field('POD_IPS', 'status.podIPs'), { name: 'IP_FAMILY', value: family }] : [];
}

function agentEnvironment(plan: HaPostgresPlan): k8s.EnvVar[] {
  const { replication, rewind } = plan.logins;
  return [
    ...scriptEnvironment(plan),
    { name: 'REPLICATION_USER', value: replication },
    { name: 'REWIND_USER', value: rewind },
    { name: 'LEADER', value: `${plan.names.cluster}/${PORTS.postgresql}` }, // as bash opens a connection
  ];
}

/**
 * Liveness asks whether Patroni's loop runs and never asks SQL: a restart in the middle of crash recovery would begin it
 * anew. The startup probe covers the time before that loop, while the API may be out of reach.
 */
function probes(plan: HaPostgresPlan): Pick<k8s.Container, 'startupProbe' | 'livenessProbe' | 'readinessProbe'> {
  const { livenessPath = '/liveness', readiness = true } = plan.props.pod?.probes ?? {};
  const probe = (path: string, periodSeconds: number, failureThreshold: number): k8s.Probe => ({
    httpGet: { path, port: k8s.IntOrString.fromString('patroni'), scheme: plan.tls ? 'HTTPS' : 'HTTP' },
    periodSeconds,
    timeoutSeconds: 5,
    failureThreshold,
  });
  // A Patroni that hangs no longer renews its lock: its server must not go on for the grace of an orderly shutdown.
  const killed = { terminationGracePeriodSeconds: Math.min(30, plan.gracePeriod) };
  return {
    startupProbe: { ...probe(livenessPath, 5, Math.ceil(plan.startupBudget / 5)), ...killed },
    livenessProbe: { ...probe(livenessPath, 10, 3), ...killed },
    ...(readiness && { readinessProbe: probe('/readiness', 5, 3) }),
  };
}

function podVolumes(plan: HaPostgresPlan): k8s.Volume[] {
  const memory = (name: string, size: Size): k8s.Volume => ({ name, emptyDir: { medium: 'Memory', sizeLimit: sizeQuantity(size) } });
  return [
    memory('run', Size.mebibytes(16)), // sockets, and files with passwords that shall not reach a disk
    { name: 'tmp', emptyDir: { sizeLimit: sizeQuantity(Size.mebibytes(64)) } },
    memory('dshm', plan.sharedMemory), // the default 64 MiB make parallel queries fail
    { name: 'patroni', configMap: { name: plan.names.patroniConfig } },
    { name: 'scripts', configMap: { name: plan.names.scripts } },
    credentialsVolume(plan),
    apiAccess(),
  ];
}

/** As Kubernetes itself makes it for every container of a pod: Patroni looks only there, and reads a renewed token within a minute. */
function apiAccess(): k8s.Volume {
  return {
    name: 'kube-api-access',
    projected: {
      sources: [
        // With these very seconds the API server takes it for longer, should the kubelet be unable to renew it.
        { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardApi: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
      ],
    },
  };
}
