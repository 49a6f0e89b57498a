import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-27';
import * as kplus from 'cdk8s-plus-27';
import { resourceRequirements, sizeQuantity } from '../../internal/quantity';
import { RESTRICTED_CONTAINER } from '../../internal/security';
import { type HaPostgresPlan, PATHS } from '../plan';
import type { PodPart } from '../pod-part';
import type { UpgradePlan } from './plan';

const FOLDER = join(__dirname, 'scripts');

/** The scripts of the upgrade, which nobody else needs. */
const files = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(FOLDER)
      .sort()
      .map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]),
  );

/** Its scripts, and what they are to do. A changed phase reaches them without a restart. It may be pruned when the upgrade is over. */
export function upgradeConfigMap(plan: HaPostgresPlan, { source, user, databases, phase }: UpgradePlan): k8s.KubeConfigMapProps {
  const metadata = plan.metadata(plan.names.upgrade, 'database');
  const { host, port } = source.primary;
  return {
    metadata: { ...metadata, annotations: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' } },
    data: { ...files(), 'upgrade.json': `${JSON.stringify({ host, port, user, databases, phase }, undefined, 2)}\n` },
  };
}

/** One container more in every member, since any may lead; only the leader's does something. */
export function upgradePart(plan: HaPostgresPlan): PodPart {
  if (!plan.upgrade) return {};
  const { secretName, key } = plan.upgrade.password;
  const mount = (name: string, mountPath: string, readOnly?: boolean): k8s.VolumeMount => ({ name, mountPath, readOnly });
  return {
    containers: [
      {
        name: 'upgrade',
        image: plan.image.toString(),
        imagePullPolicy: 'IfNotPresent',
        command: ['bash', `${PATHS.upgrade}/upgrade.sh`],
        env: [
          { name: 'SUPERUSER', value: plan.logins.superuser },
          { name: 'PGBIN', value: `/usr/lib/postgresql/${plan.postgresVersion}/bin` },
          { name: 'UPGRADE_TMP', value: PATHS.upgradeScratch },
          // A running bash keeps what it has read: other scripts, another pod.
          { name: 'SCRIPTS', value: createHash('sha256').update(JSON.stringify(files())).digest('hex') },
        ],
        // pg_dump holds the description of every table in its memory.
        resources: resourceRequirements({
          cpu: { request: kplus.Cpu.millis(10) },
          memory: { request: Size.mebibytes(32), limit: Size.mebibytes(256) },
        }),
        securityContext: RESTRICTED_CONTAINER,
        volumeMounts: [mount('run', PATHS.run), mount('upgrade', PATHS.upgrade, true), mount('upgrade-scratch', PATHS.upgradeScratch)],
      },
    ],
    volumes: [
      {
        name: 'upgrade',
        projected: {
          sources: [{ configMap: { name: plan.names.upgrade } }, { secret: { name: secretName, items: [{ key, path: 'password' }] } }],
        },
      },
      { name: 'upgrade-scratch', emptyDir: { sizeLimit: sizeQuantity(Size.mebibytes(256)) } }, // the dumped schema
    ],
  };
}
