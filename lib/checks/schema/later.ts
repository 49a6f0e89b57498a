import type { Settings } from '../settings';

/** `${NAME}`, `${NAME:-default}`: what Flux fills in (`postBuild.substitute`); not a token of cdk8s, `${Token[…]}`. */
const SUBSTITUTED = /\$\{[A-Za-z_]\w*(?:[:=?+-][^}]*)?\}/;

/**
 * Whether a text in a manifest is not yet what the API server gets, so that nothing can be said about it here: a value that SOPS
 * encrypted, or a variable of Flux.
 *
 * https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export function filledInLater(value: unknown, { gitops }: Pick<Settings, 'gitops'>): boolean {
  if (typeof value !== 'string') return false;
  return value.startsWith('ENC[AES256_GCM,') || (gitops.includes('flux') && SUBSTITUTED.test(value));
}
