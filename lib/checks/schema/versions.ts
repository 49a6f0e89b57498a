import { KUBERNETES_VERSIONS, type KubernetesVersion } from '../settings';

/** A set of versions is a number with a bit for each, so that one walk answers for all of them. */
export const EVERY_VERSION = (1 << KUBERNETES_VERSIONS.length) - 1;

/** From one version to another, both included; what is not given is open. */
export function versions(since?: string, until?: string): number {
  return KUBERNETES_VERSIONS.reduce((bits, _, index) => {
    const early = since !== undefined && index < KUBERNETES_VERSIONS.indexOf(since as KubernetesVersion);
    const late = until !== undefined && index > KUBERNETES_VERSIONS.indexOf(until as KubernetesVersion);
    return early || late ? bits : bits | (1 << index);
  }, 0);
}

/** `Kubernetes 1.27`, `Kubernetes 1.27 and 1.29`, `Kubernetes 1.27 to 1.36`. */
export function versionsText(bits: number): string {
  const names = KUBERNETES_VERSIONS.filter((_, index) => bits & (1 << index));
  if (names.length < 3) return `Kubernetes ${names.join(' and ')}`;
  const whole = versions(names[0], names.at(-1)) === bits;
  return whole ? `Kubernetes ${names[0]} to ${names.at(-1)}` : `Kubernetes ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `Kubernetes 1.27 has`, `Kubernetes 1.27 and 1.29 have`. */
export function haveText(bits: number): string {
  return `${versionsText(bits)} ${bits & (bits - 1) ? 'have' : 'has'}`;
}

/** The newest of them, as a set. */
export function newest(bits: number): number {
  return bits === 0 ? 0 : 1 << (31 - Math.clz32(bits));
}

/** The oldest of them. */
export function oldest(bits: number): KubernetesVersion | undefined {
  return KUBERNETES_VERSIONS.find((_, index) => bits & (1 << index));
}

/** What is between the oldest and the newest version that manifests are for. */
export function rangeOf({ floor, target }: { readonly floor: KubernetesVersion; readonly target: KubernetesVersion }): number {
  return versions(floor, target);
}
