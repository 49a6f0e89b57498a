import type { k8s } from 'cdk8s-plus-27';
import { callbackFiles } from './callbacks';
import { dynamicConfiguration, localConfiguration, wantedCluster, wantedRoles } from './patroni';
import type { HaPostgresPlan } from './plan';
import { recoveryArguments, sourceConfig } from './recovery';
import { scripts } from './scripts';
import { tlsConfiguration } from './tls-configuration';

/** What Git says of the database. It carries none of Patroni's own labels: `patronictl remove` would delete it with the state. */
export function patroniConfigMap(plan: HaPostgresPlan): k8s.KubeConfigMapProps {
  const source = sourceConfig(plan);
  const target = recoveryArguments(plan);
  const tls = tlsConfiguration(plan);
  return {
    metadata: plan.kept(plan.names.patroniConfig, 'database'),
    data: {
      ...callbackFiles(plan),
      'cluster.json': pretty(wantedCluster(plan)),
      'dynamic.json': pretty(dynamicConfiguration(plan)),
      'patroni.yaml': localConfiguration(plan),
      ...(target && { 'source.arguments': target }),
      ...(source && { 'source.conf': source }),
      'roles.json': pretty(wantedRoles(plan)),
      ...(tls && { 'tls.yaml': tls }),
    },
  };
}

/** Keeps Flux from taking what shell calls a variable for one of its own. */
export const WITHOUT_SUBSTITUTION = { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' };

/** The scripts of the parts that are on, as they are in the library. */
export function scriptsConfigMap(plan: HaPostgresPlan): k8s.KubeConfigMapProps {
  const metadata = plan.kept(plan.names.scripts, 'database');
  return {
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...WITHOUT_SUBSTITUTION } },
    data: scripts(plan).files,
  };
}

function pretty(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
