import type { k8s } from 'cdk8s-plus-27';
import { EXTERNAL } from '../checks';
import { configMapsOf } from '../internal/secret-keys';
import { filledSecrets } from './external-secrets';
import type { HaPostgresPlan } from './plan';

/** Of the StatefulSet: it says what has to be in the namespace before a pod can start, to reviewers and to the checks. */
export function statefulSetMetadata(plan: HaPostgresPlan): k8s.ObjectMeta {
  const metadata = plan.kept(plan.names.statefulSet, 'database');
  const needed = external(plan);
  return needed.length === 0 ? metadata : { ...metadata, annotations: { ...metadata.annotations, [EXTERNAL]: needed.join(', ') } };
}

/** What the props refer to and nothing here makes. */
function external({ props, names }: HaPostgresPlan): string[] {
  const { credentials, tls, backups } = props;
  const certificates = [tls?.certificate.secretName, backups?.certificate.secretName].filter((name) => name !== undefined);
  const filled = credentials.externalSecrets ? [] : filledSecrets({ props, names }).keys();
  const secrets = [...new Set([...filled, ...certificates])].sort();
  return [...configMapsOf(props).map((name) => `ConfigMap/${name}`), ...secrets.map((name) => `Secret/${name}`)];
}
