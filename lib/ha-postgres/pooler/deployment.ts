import { createHash } from 'node:crypto';
import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { k8s } from 'cdk8s-plus-27';
import { resourceRequirements, resourcesOr, sizeQuantity } from '../../internal/quantity';
import { RESTRICTED_CONTAINER, restrictedPod } from '../../internal/security';
import type { HaPostgresPlan } from '../plan';
import { scheduling } from '../scheduling';
import { poolerScripts } from '../scripts';
import { POOLER_PATHS, POOLER_PORT, type PoolerPlan } from './plan';
import { POOLER_PORT_NAME } from './service';
import { READ_AT_START } from './settings';

/** Any but root: it owns nothing. */
const USER = 1000;

/** Until Services and load balancers send no new clients here. */
const UNTIL_UNKNOWN = 5;

/** For the transactions that are under way when a pod stops; what takes longer is cut off. */
const GRACE = 60;

/** PgBouncers of which one is always there: a new one is ready before an old one stops. */
export function poolerDeployment(plan: HaPostgresPlan, pooler: PoolerPlan): k8s.KubeDeploymentProps {
  return {
    metadata: plan.metadata(plan.names.pooler, 'pooler'),
    spec: {
      replicas: plan.hibernated ? 0 : pooler.replicas,
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: k8s.IntOrString.fromNumber(1), maxUnavailable: k8s.IntOrString.fromNumber(0) },
      },
      selector: { matchLabels: plan.selector('pooler') },
      template: template(plan, pooler),
    },
  };
}

function template(plan: HaPostgresPlan, pooler: PoolerPlan): k8s.PodTemplateSpec {
  const { placement, login } = pooler.options;
  const { imagePullSecrets } = plan.props.pod ?? {};
  return {
    metadata: { labels: plan.metadata(plan.names.pooler, 'pooler').labels, annotations: checksums(pooler) },
    spec: {
      automountServiceAccountToken: false,
      ...(imagePullSecrets && { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
      enableServiceLinks: false,
      terminationGracePeriodSeconds: UNTIL_UNKNOWN + GRACE,
      securityContext: restrictedPod(plan.openShift ? undefined : USER),
      ...scheduling(plan, 'pooler', placement),
      containers: [container(plan, pooler)],
      volumes: [
        { name: 'run', emptyDir: { medium: 'Memory', sizeLimit: sizeQuantity(Size.mebibytes(1)) } }, // its password shall not reach a disk
        { name: 'config', configMap: { name: pooler.name } },
        {
          name: 'credentials',
          secret: { secretName: login.password.secretName, items: [{ key: login.password.key, path: 'password' }] },
        },
        ...(plan.tls ? [{ name: 'tls', secret: { secretName: plan.tls.secretName } }] : []),
      ],
    },
  };
}

function container(plan: HaPostgresPlan, { role, options }: PoolerPlan): k8s.Container {
  const mount = (name: keyof typeof POOLER_PATHS): k8s.VolumeMount => ({ name, mountPath: POOLER_PATHS[name], readOnly: true });
  return {
    name: 'pgbouncer',
    image: (options.image ?? plan.image).toString(),
    imagePullPolicy: 'IfNotPresent',
    command: ['bash', `${POOLER_PATHS.config}/pooler.sh`],
    env: [{ name: 'POOLER_ROLE', value: role }],
    ports: [{ name: POOLER_PORT_NAME, containerPort: POOLER_PORT, protocol: 'TCP' }],
    ...probes(),
    lifecycle: { preStop: { exec: { command: ['sleep', `${UNTIL_UNKNOWN}`] } } },
    resources: resourceRequirements(
      resourcesOr(options.resources, {
        cpu: { request: kplus.Cpu.millis(50) },
        memory: { request: Size.mebibytes(64), limit: Size.mebibytes(128) },
      }),
    ),
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: [
      { name: 'run', mountPath: POOLER_PATHS.run },
      mount('config'),
      mount('credentials'),
      ...(plan.tls ? [mount('tls')] : []),
    ],
  };
}

/**
 * Live is what listens, ready is what answers. Neither asks for the leader: while there is none, clients shall wait in
 * PgBouncer's queue, and not be refused by a Service without pods.
 */
function probes(): Pick<k8s.Container, 'startupProbe' | 'livenessProbe' | 'readinessProbe'> {
  const listens = { tcpSocket: { port: k8s.IntOrString.fromString(POOLER_PORT_NAME) }, timeoutSeconds: 2 };
  return {
    startupProbe: { ...listens, periodSeconds: 1, failureThreshold: 60 },
    livenessProbe: { ...listens, periodSeconds: 10, failureThreshold: 3 },
    readinessProbe: {
      exec: { command: ['bash', `${POOLER_PATHS.config}/pooler-ready.sh`] },
      periodSeconds: 5,
      timeoutSeconds: 3,
      failureThreshold: 2,
    },
  };
}

/** A running bash keeps what it has read, and PgBouncer some of its settings; all else is reloaded. */
function checksums({ options: { parameters = {} } }: PoolerPlan): Record<string, string> {
  const atStart = READ_AT_START.filter((name) => name in parameters).map((name) => [name, parameters[name]]);
  return {
    'checksum/scripts': poolerScripts().checksum,
    ...(atStart.length > 0 && { 'checksum/settings': createHash('sha256').update(JSON.stringify(atStart)).digest('hex') }),
  };
}
