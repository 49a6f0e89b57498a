import {
  ExternalSecretSpecDataRemoteRefConversionStrategy as Conversion,
  ExternalSecretSpecTargetCreationPolicy as Creation,
  ExternalSecretSpecDataRemoteRefDecodingStrategy as Decoding,
  ExternalSecretSpecTargetDeletionPolicy as Deletion,
  type ExternalSecretProps,
  ExternalSecretSpecSecretStoreRefKind as Kind,
  ExternalSecretSpecDataRemoteRefMetadataPolicy as Metadata,
} from '../../imports/external-secrets.io';
import { secretKeysOf } from '../internal/secret-keys';
import type { ExternalSecretsOptions } from './options';
import type { HaPostgresPlan } from './plan';

/**
 * One for each Secret that this instance refers to, where a store outside is to fill them. The Secret outlives it: a store that is
 * away, or an ExternalSecret that is gone, must not take the passwords of a running database with it.
 */
export function externalSecrets(plan: HaPostgresPlan): ExternalSecretProps[] {
  const options = plan.props.credentials.externalSecrets;
  if (!options) return [];
  return [...filledSecrets(plan)].map(([name, keys]) => externalSecret(plan, options, name, keys));
}

/** The Secrets that the props refer to, but not those that cert-manager fills with certificates of this instance. */
export function filledSecrets({ props, names }: Pick<HaPostgresPlan, 'props' | 'names'>): Map<string, string[]> {
  const secrets = secretKeysOf(props);
  if (props.tls?.certificate.issuer) secrets.delete(names.tls);
  if (props.backups?.certificate.issuer) secrets.delete(names.backups.certificate);
  return secrets;
}

/** All that the operator and its CRD would fill in is written out, so that no tool ever sees a difference. */
function externalSecret(plan: HaPostgresPlan, options: ExternalSecretsOptions, name: string, keys: string[]): ExternalSecretProps {
  const { store, storeKind = 'SecretStore', remoteKeys = {} } = options;
  const { labels } = plan.metadata(name, 'database');
  return {
    metadata: { name, labels }, // may be pruned: the Secret stays
    spec: {
      refreshInterval: '1h0m0s',
      secretStoreRef: { name: store, kind: storeKind === 'SecretStore' ? Kind.SECRET_STORE : Kind.CLUSTER_SECRET_STORE },
      target: { name, creationPolicy: Creation.ORPHAN, deletionPolicy: Deletion.RETAIN },
      data: keys.map((key) => ({
        secretKey: key,
        remoteRef: {
          key: remoteKeys[name] ?? name,
          property: key,
          conversionStrategy: Conversion.DEFAULT,
          decodingStrategy: Decoding.NONE,
          metadataPolicy: Metadata.NONE,
        },
      })),
    },
  };
}
