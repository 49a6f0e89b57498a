import type { k8s } from 'cdk8s-plus-27';
import { claim } from '../internal/stateful-set';
import type { SecretKey } from '../platform';
import type { HaPostgresPlan } from './plan';
import { tablespaceClaims } from './tablespaces';

/** Each member's own volumes. Nothing in here can change once the StatefulSet exists. */
export function claims(plan: HaPostgresPlan): k8s.KubePersistentVolumeClaimProps[] {
  const { storage, walStorage } = plan.props;
  const { dataClaim, walClaim } = plan.volumes;
  const labels = plan.selector('database');
  return [claim(dataClaim, labels, storage), ...(walStorage ? [claim(walClaim, labels, walStorage)] : []), ...tablespaceClaims(plan)];
}

/** Every password as a file, so that a changed Secret arrives without a restart. */
export function credentialsVolume(plan: HaPostgresPlan): k8s.Volume {
  const { superuser, replication, rewind } = plan.props.credentials;
  const files: [string, SecretKey][] = [
    ['superuser', superuser.password],
    ['replication', replication.password],
    ['rewind', rewind.password],
  ];
  const { restApi } = plan.props.patroni ?? {};
  if (restApi) files.push(['restapi', restApi.password]);
  for (const role of plan.props.roles ?? []) {
    if (role.password) files.push([`roles/${role.name}`, role.password]);
  }
  if (plan.pooler) files.push([`roles/${plan.pooler.role}`, plan.pooler.options.login.password]);
  return {
    name: 'credentials',
    projected: { sources: bySecret(files) },
  };
}

/** One source a Secret, with its keys in the order of the files. */
function bySecret(files: [string, SecretKey][]): k8s.VolumeProjection[] {
  const secrets = new Map<string, k8s.KeyToPath[]>();
  for (const [path, { secretName, key }] of files) {
    secrets.set(secretName, [...(secrets.get(secretName) ?? []), { key, path }]);
  }
  return [...secrets].map(([name, items]) => ({ secret: { name, items } }));
}
