import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { BackupTarget } from '../../backup';
import { keyValues, selects } from '../../internal/labels';
import { isCidr, isDnsLabel, isDnsName } from '../../internal/names';
import { isConstructPeer } from '../../internal/network-policy';
import { refuser } from '../../internal/refuse';
import { Registry } from '../../internal/registry';
import type { Peer } from '../../platform';
import { filledSecrets } from '../external-secrets';
import type { HaPostgresPlan } from '../plan';
import { peerShape } from './shapes';

/** What has to be known of each instance to see that two do not get in each other's way. */
interface Instance {
  readonly path: string;
  readonly namespace?: string;
  readonly names: readonly string[];
  readonly memberLabels: Record<string, string>;
  /** The place of its backups; a claim is one of its namespace. */
  readonly repository?: BackupTarget;
  /** Secrets that it fills from a store outside. */
  readonly secrets: readonly string[];
}

const instances = new Registry<Instance>();

export function identity(scope: IConstruct, { names, props }: HaPostgresPlan): void {
  if (isDnsLabel(names.cluster, 40)) return;
  const prop = props.name === undefined ? 'the construct id, which is the default of name,' : 'name';
  refuser(scope)('NameInvalid', prop, names.cluster, 'a DNS label of at most 40 characters, a-z, 0-9 and -, that begins with a letter');
}

/** Two clusters with one name for two objects overwrite each other; two of which one finds the other's pods elect one leader for both. */
export function alone(scope: IConstruct, plan: HaPostgresPlan): void {
  const refuse = refuser(scope);
  const namespace = Chart.of(scope).namespace;
  const { memberLabels } = plan.patroni;
  const { state, backups, ...single } = plan.names;
  const names = [single, state, backups].flatMap((group): string[] => Object.values(group));
  const repository = plan.backups?.options.repository;
  const secrets = plan.props.credentials.externalSecrets ? [...filledSecrets(plan).keys()] : [];
  for (const other of instances.all(scope)) {
    const elsewhere = repository?.config.kind === 'volume' && other.namespace !== namespace;
    if (repository && other.repository?.overlaps(repository) && !elsewhere) {
      refuse(
        'RepositoryNotUnique',
        'backups.repository',
        repository.location,
        `a place of its own: ${other.path} has its backups in ${other.repository.location}, and two clusters in one folder spoil each other's history`,
      );
    }
    if (other.namespace !== namespace) continue;
    const shared = names.find((name) => other.names.includes(name));
    if (shared) {
      const expected = shared === plan.names.cluster ? 'different from that of' : `one whose ${shared} is not also an object of`;
      refuse('ClusterNotUnique', 'name', plan.names.cluster, `${expected} ${other.path} in the same namespace`);
    }
    if (selects(other.memberLabels, memberLabels) || selects(memberLabels, other.memberLabels)) {
      refuse('ClusterNotUnique', 'patroni.labels', keyValues(memberLabels), `different from that of ${other.path} in the same namespace`);
    }
    const filled = secrets.find((name) => other.secrets.includes(name));
    if (filled)
      refuse(
        'ExternalSecretTwice',
        'credentials.externalSecrets',
        filled,
        `left out here: ${other.path} fills that Secret in the same namespace, with its own keys`,
      );
  }
  instances.add(scope, { path: scope.node.path, namespace, names, memberLabels, secrets, repository });
}

/** Who may connect, where it is given as plain data. */
export function peer(scope: IConstruct, prop: string, selector: Peer, plan: HaPostgresPlan): void {
  const refuse = refuser(scope);
  if (typeof selector !== 'object' || selector === null)
    refuse('PeerInvalid', prop, selector, "a kplus workload, or a selector as { podLabels: { app: 'web' } }");
  if (isConstructPeer(selector)) return; // its labels are cdk8s-plus' own
  peerShape(refuse, prop, selector);
  const { cidr, podLabels, namespace, namespaceLabels } = selector;
  if (cidr === undefined && podLabels === undefined && namespace === undefined && namespaceLabels === undefined) {
    refuse(
      'PeerEmpty',
      prop,
      selector,
      "a kplus workload or a selector with podLabels, namespace, namespaceLabels or cidr; to let everybody in, use { cidr: '0.0.0.0/0' }",
    );
  }
  for (const [part, labels] of Object.entries({ podLabels, namespaceLabels })) {
    if (labels && Object.keys(labels).length === 0)
      refuse('PeerEverybody', `${prop}.${part}`, labels, 'left out, or at least one label: Kubernetes reads none as all of them');
  }
  if (namespace !== undefined && (!isDnsName(namespace) || namespace.length > 63))
    refuse('PeerNamespaceInvalid', `${prop}.namespace`, namespace, 'the name of a namespace');
  if (namespace !== undefined && namespaceLabels !== undefined) {
    refuse('PeerMixed', prop, selector, 'either a namespace or namespaceLabels: the name says it all');
  }
  if (cidr !== undefined && (podLabels ?? namespace ?? namespaceLabels) !== undefined) {
    refuse('PeerMixed', prop, selector, 'either a cidr or labels: use two calls');
  }
  if (cidr !== undefined && !isCidr(cidr)) {
    refuse('CidrInvalid', `${prop}.cidr`, cidr, "an address and a prefix length, as '10.20.0.0/16'");
  }
  if (podLabels && selects(plan.patroni.memberLabels, podLabels)) {
    refuse(
      'PodWouldBeMember',
      `${prop}.podLabels`,
      podLabels,
      `without the labels by which Patroni finds its members (${keyValues(plan.patroni.memberLabels)}): it takes every pod with them for one`,
    );
  }
}
