import { at, type Fields, fields, list, text } from '../../manifests/look';
import type { Manifest, PodTemplate } from '../../manifests/manifests';
import { listed } from '../../manifests/words';
import type { Found, Rule } from '../../rule';
import type { KubernetesVersion, Settings } from '../../settings';
import { everyContainer, isWindows, specPath, titleOf } from './containers';

/**
 * SEC-1: the restricted Pod Security Standard, as its admission plugin checks it, but for what SEC-3 says.
 *
 * One finding a container for what its securityContext lacks: who adds one line adds them all.
 */
export const podSecurity: Rule = {
  id: 'SEC-1',
  severity: 'error',
  title: 'pods meet the restricted Pod Security Standard',
  runs: ['synth', 'check'],
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted, k8s.io/pod-security-admission/policy',
  *find(manifests, settings) {
    for (const manifest of manifests.withPods) {
      yield* podFindings(manifest, settings);
      for (const container of everyContainer(manifest.pod)) {
        const wrong = contextFaults(container.spec, manifest.pod, settings);
        if (wrong.length > 0) {
          yield {
            manifest,
            field: `${container.path}.securityContext`,
            message: `${titleOf(container)} ${listed(wrong.map(({ is }) => is))}`,
            fix: `set ${wrong.map(({ set }) => set).join(', ')} in its securityContext`,
          };
        }
        if (minor(settings.target) >= 34) yield* probeHosts(container.spec, container.path, manifest);
      }
    }
  },
};

/** What is wrong, after "container app …", and what to set. */
interface Fault {
  readonly is: string;
  readonly set: string;
}

const PROFILES: readonly unknown[] = ['RuntimeDefault', 'Localhost'];

function contextFaults(container: Fields, pod: PodTemplate, settings: Settings): Fault[] {
  const own = fields(container, 'securityContext');
  const shared = fields(pod.spec, 'securityContext');
  return [
    ...(mayBeRoot(pod, settings) ? [] : rootFaults(own, shared)),
    ...(isWindows(pod) ? [] : linuxFaults(own, shared)),
    ...commonFaults(own, settings),
  ];
}

/** With a user namespace root is nobody on the node; the standard knows that since 1.35. */
function mayBeRoot(pod: PodTemplate, { floor }: Settings): boolean {
  return pod.spec.hostUsers === false && minor(floor) >= 35;
}

/** Where the pod itself says `false`, that is the one finding. */
function rootFaults(own: Fields, shared: Fields): Fault[] {
  const nonRoot = own.runAsNonRoot ?? shared.runAsNonRoot;
  const saidByPod = own.runAsNonRoot === undefined && shared.runAsNonRoot === false;
  return [
    ...(nonRoot === true || saidByPod ? [] : [{ is: 'may run as root', set: 'runAsNonRoot: true' }]),
    ...(own.runAsUser === 0 ? [{ is: 'runs as user 0', set: 'runAsUser to a number above 0' }] : []),
  ];
}

function linuxFaults(own: Fields, shared: Fields): Fault[] {
  const added = list(own, 'capabilities', 'add').filter((capability) => capability !== 'NET_BIND_SERVICE');
  const profile = at(own, 'seccompProfile', 'type') ?? at(shared, 'seccompProfile', 'type');
  const saidByPod = !own.seccompProfile && profile !== undefined;
  return [
    ...(own.allowPrivilegeEscalation === false ? [] : [{ is: 'may gain privileges', set: 'allowPrivilegeEscalation: false' }]),
    ...(list(own, 'capabilities', 'drop').includes('ALL') ? [] : [{ is: 'keeps capabilities', set: 'capabilities: {drop: [ALL]}' }]),
    ...(added.length === 0 ? [] : [{ is: `adds ${listed(added.map(shown))}`, set: 'no capabilities.add but NET_BIND_SERVICE' }]),
    ...(PROFILES.includes(profile) || saidByPod
      ? []
      : [{ is: `has ${profile === undefined ? 'no seccomp profile' : `the seccomp profile ${shown(profile)}`}`, set: SECCOMP }]),
  ];
}

const SECCOMP = 'seccompProfile: {type: RuntimeDefault}';

/** What a pod and a container say in the same words. */
function commonFaults(own: Fields, { floor }: Settings): Fault[] {
  const types = ['', 'container_t', 'container_init_t', 'container_kvm_t', ...(minor(floor) >= 31 ? ['container_engine_t'] : [])];
  const { type = '', user = '', role = '' } = fields(own, 'seLinuxOptions');
  const armor = at(own, 'appArmorProfile', 'type');
  const proc = own.procMount ?? 'Default';
  return [
    ...(types.includes(type as string) ? [] : [{ is: `has the SELinux type ${shown(type)}`, set: 'no seLinuxOptions.type' }]),
    ...(user === '' && role === '' ? [] : [{ is: 'has an SELinux user or role of its own', set: 'no seLinuxOptions.user and role' }]),
    ...(armor === undefined || PROFILES.includes(armor)
      ? []
      : [{ is: `has the AppArmor profile ${shown(armor)}`, set: 'appArmorProfile: {type: RuntimeDefault}' }]),
    ...(proc === 'Default' ? [] : [{ is: `has procMount ${shown(proc)}`, set: 'procMount: Default' }]),
  ];
}

function* podFindings(manifest: Manifest & { readonly pod: PodTemplate }, settings: Settings): Iterable<Found> {
  const { pod } = manifest;
  const shared = fields(pod.spec, 'securityContext');
  const profile = at(shared, 'seccompProfile', 'type');
  const wrong = [
    ...(shared.runAsNonRoot === false && !mayBeRoot(pod, settings) ? [{ is: 'says runAsNonRoot: false', set: 'runAsNonRoot: true' }] : []),
    ...(shared.runAsUser === 0 && !mayBeRoot(pod, settings) ? [{ is: 'runs as user 0', set: 'runAsUser to a number above 0' }] : []),
    ...(profile === undefined || PROFILES.includes(profile) ? [] : [{ is: `has the seccomp profile ${shown(profile)}`, set: SECCOMP }]),
    ...commonFaults(shared, settings),
  ];
  if (wrong.length > 0) {
    const message = `the pod ${listed(wrong.map(({ is }) => is))}`;
    const fix = `set ${wrong.map(({ set }) => set).join(', ')} in the pod's securityContext`;
    yield { manifest, field: `${specPath(pod)}.securityContext`, message, fix };
  }
  yield* sysctls(manifest, settings);
  yield* volumeTypes(manifest);
  yield* armorAnnotations(manifest);
}

/** Namespaced, and of no effect on other pods of the node; each with the minor version since which it counts as safe. */
const SAFE_SYSCTLS: Readonly<Record<string, number>> = {
  'kernel.shm_rmid_forced': 0,
  'net.ipv4.ip_local_port_range': 0,
  'net.ipv4.tcp_syncookies': 0,
  'net.ipv4.ping_group_range': 0,
  'net.ipv4.ip_unprivileged_port_start': 0,
  'net.ipv4.ip_local_reserved_ports': 27,
  'net.ipv4.tcp_keepalive_time': 29,
  'net.ipv4.tcp_fin_timeout': 29,
  'net.ipv4.tcp_keepalive_intvl': 29,
  'net.ipv4.tcp_keepalive_probes': 29,
  'net.ipv4.tcp_rmem': 32,
  'net.ipv4.tcp_wmem': 32,
  'net.ipv4.tcp_slow_start_after_idle': 37,
  'net.ipv4.tcp_notsent_lowat': 37,
};

function* sysctls(manifest: Manifest & { readonly pod: PodTemplate }, { floor }: Settings): Iterable<Found> {
  for (const [index, entry] of list(manifest.pod.spec, 'securityContext', 'sysctls').entries()) {
    const name = text(entry, 'name') ?? '';
    const since = Object.hasOwn(SAFE_SYSCTLS, name) ? (SAFE_SYSCTLS[name] as number) : Number.POSITIVE_INFINITY;
    if (minor(floor) >= since) continue;
    const field = `${specPath(manifest.pod)}.securityContext.sysctls[${index}]`;
    const message = `the sysctl ${name} does not count as safe in Kubernetes ${floor}`;
    yield { manifest, field, message, fix: 'remove it, or set it on the nodes' };
  }
}

/** Any version takes `image`: what Kubernetes changed there it changed for all. `hostPath` is SEC-3's. */
const VOLUME_TYPES = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret'],
  'hostPath',
];

function* volumeTypes(manifest: Manifest & { readonly pod: PodTemplate }): Iterable<Found> {
  for (const [index, volume] of list(manifest.pod.spec, 'volumes').entries()) {
    const types = Object.keys(fields([volume], 0)).filter((key) => key !== 'name');
    if (types.length === 0 || types.some((type) => VOLUME_TYPES.includes(type))) continue; // of no type it is an emptyDir
    const field = `${specPath(manifest.pod)}.volumes[${index}]`;
    const message = `volume ${text(volume, 'name') ?? index} is of type ${types.join(', ')}, which pods may not mount themselves`;
    yield { manifest, field, message, fix: 'make a PersistentVolume of it, and mount that through a claim' };
  }
}

const ARMOR = 'container.apparmor.security.beta.kubernetes.io/';

function* armorAnnotations(manifest: Manifest & { readonly pod: PodTemplate }): Iterable<Found> {
  const { annotations, path } = manifest.pod;
  for (const [key, value] of Object.entries(annotations)) {
    if (!key.startsWith(ARMOR) || value === '' || value === 'runtime/default' || value.startsWith('localhost/')) continue;
    const field = `${path ? `${path}.` : ''}metadata.annotations['${key}']`;
    yield { manifest, field, message: `the AppArmor profile is ${value}`, fix: 'set it to runtime/default' };
  }
}

const HANDLERS = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.postStart', 'lifecycle.preStop'];

/** A probe of another host makes the node ask wherever the pod's author wants. */
function* probeHosts(container: Fields, path: string, manifest: Manifest): Iterable<Found> {
  for (const handler of HANDLERS) {
    for (const how of ['httpGet', 'tcpSocket']) {
      const host = at(container, ...handler.split('.'), how, 'host');
      if (host === undefined || host === null || host === '') continue;
      const message = `the host ${shown(host)} is asked, which Kubernetes refuses from 1.34`;
      yield { manifest, field: `${path}.${handler}.${how}.host`, message, fix: 'remove host, so that the pod itself is asked' };
    }
  }
}

function minor(version: KubernetesVersion): number {
  return Number(version.split('.')[1]);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : typeof value;
}
