import type { ExternalSecretProps } from '../../imports/external-secrets.io';
import type { HaPostgresPlan } from './plan';

/** One for each Secret that this instance refers to, where a store outside is to fill them. */
export function externalSecrets(_plan: HaPostgresPlan): ExternalSecretProps[] {
  return [];
}
