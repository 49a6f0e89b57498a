import type { k8s } from 'cdk8s-plus-27';
import { claim } from '../internal/stateful-set';
import type { TablespaceOptions } from './options';
import { type HaPostgresPlan, PATHS } from './plan';
import type { PodPart } from './pod-part';

/** Claim and volume of a tablespace: SQL allows an underscore where Kubernetes does not. */
export function tablespaceVolume({ name }: TablespaceOptions): string {
  return `tablespace-${name.replaceAll('_', '-')}`;
}

const mountPath = ({ name }: TablespaceOptions) => `${PATHS.tablespaces}/${name}`;

export function tablespaceClaims(plan: HaPostgresPlan): k8s.KubePersistentVolumeClaimProps[] {
  return tablespaces(plan).map((tablespace) => claim(tablespaceVolume(tablespace), plan.selector('database'), tablespace.storage));
}

/** The tablespaces' volumes in the members' pods. */
export function tablespacePart(plan: HaPostgresPlan): PodPart {
  return {
    patroni: {
      volumeMounts: tablespaces(plan).map((tablespace) => ({ name: tablespaceVolume(tablespace), mountPath: mountPath(tablespace) })),
    },
  };
}

/** What the agent makes true. A folder below the mount point: there is no lost+found in it, and its rights are PostgreSQL's own. */
export function wantedTablespaces(plan: HaPostgresPlan): object[] {
  return tablespaces(plan).map((tablespace) => ({
    name: tablespace.name,
    owner: tablespace.owner ?? plan.logins.superuser,
    location: `${mountPath(tablespace)}/data`,
  }));
}

function tablespaces({ props }: HaPostgresPlan): TablespaceOptions[] {
  return props.postgresql?.tablespaces ?? [];
}
