import { imageName } from '../../manifests/databases';
import { at, list, text } from '../../manifests/look';
import type { Manifest, PodTemplate } from '../../manifests/manifests';
import type { Found, Rule } from '../../rule';

/** What decides by a majority of all its members. */
const VOTING: readonly { readonly name: string; readonly image: RegExp }[] = [
  { name: 'etcd', image: /^etcd$/ },
  { name: 'ZooKeeper', image: /^(cp-)?zookeeper$/ },
  { name: 'ClickHouse Keeper', image: /^clickhouse-keeper$/ },
  { name: 'Consul', image: /^consul$/ },
  { name: 'RabbitMQ', image: /^rabbitmq$/ },
  { name: 'Galera', image: /^(mariadb-galera|percona-xtradb-cluster)$/ },
];

/**
 * HA-1: one member may be lost.
 *
 * An even number of voters survives no more losses than one fewer, and of two neither can go on alone. Fewer than are needed to lose
 * one may be meant so, e.g. for development.
 */
export const quorumIsOdd: Rule = {
  id: 'HA-1',
  severity: 'warning',
  title: 'what decides by majority has an odd number of members, three or more; what fails over has a second one',
  runs: ['synth', 'check'],
  source: 'https://etcd.io/docs/current/faq/; https://www.rabbitmq.com/docs/clustering#node-count; https://patroni.readthedocs.io',
  *find(manifests) {
    for (const manifest of manifests.withPods) {
      yield* mnodes(manifest);
      const replicas = at(manifest.object, 'spec', 'replicas') ?? 1;
      if (manifest.kind !== 'StatefulSet' || typeof replicas !== 'number' || replicas < 1) continue;
      const voting = votingOf(manifest);
      const alone = voting && !manifests.ofKind('StatefulSet').some((other) => other !== manifest && isSameSystem(other, manifest));
      const found = alone ? voters(voting, replicas) : followers(manifest, replicas);
      if (found) yield { manifest, field: 'spec.replicas', ...found };
    }
  },
};

type Verdict = Omit<Found, 'manifest' | 'field'>;

function voters(name: string, replicas: number): Verdict | undefined {
  if (replicas > 1 && replicas % 2 === 0) {
    const message = `${replicas} members of ${name} can lose ${replicas / 2 - 1}, no more than ${replicas - 1} can, and one more may fail`;
    return { message, fix: `run ${replicas + 1} members, or ${replicas - 1}`, severity: 'error' };
  }
  if (replicas === 1)
    return { message: `one member of ${name} is no majority without itself: its loss stops everything`, fix: 'run 3 members' };
  return undefined;
}

function followers(manifest: Manifest & { readonly pod: PodTemplate }, replicas: number): Verdict | undefined {
  if (replicas > 1 || !runsPatroni(manifest.pod)) return undefined;
  return { message: 'Patroni has one member, so nobody takes over from it', fix: 'run 2 members or more' };
}

/** An environment that says so; images have many names. */
function runsPatroni({ containers }: PodTemplate): boolean {
  return containers.some(({ spec }) =>
    list(spec, 'env').some((entry) => text(entry, 'name') === 'PATRONI_NAME' || text(entry, 'name') === 'PATRONI_SCOPE'),
  );
}

function votingOf({ pod }: Manifest & { readonly pod: PodTemplate }): string | undefined {
  const images = pod.containers.flatMap(({ spec, role }) => (role === 'main' ? imageName(text(spec, 'image') ?? '') : []));
  return VOTING.find(({ image }) => images.some((name) => image.test(name)))?.name;
}

/** Members may be StatefulSets of their own, which vote together. */
function isSameSystem(other: Manifest, { namespace, pod }: Manifest & { readonly pod: PodTemplate }): boolean {
  const images = (template: PodTemplate) => template.containers.flatMap(({ spec }) => text(spec, 'image') ?? []);
  return other.namespace === namespace && other.pod !== undefined && images(other.pod).some((image) => images(pod).includes(image));
}

/** TDengine keeps its metadata on as many mnodes as it is told: 1 or 3. Of two neither can go on alone. */
function* mnodes(manifest: Manifest & { readonly pod: PodTemplate }): Iterable<Found> {
  for (const { spec, path } of manifest.pod.containers) {
    for (const [i, entry] of list(spec, 'env').entries()) {
      const count = /(^|_)MNODES$/.test(text(entry, 'name') ?? '') ? Number(text(entry, 'value')) : Number.NaN;
      if (!(count > 0) || count % 2 !== 0) continue;
      const message = `${count} mnodes can lose ${count / 2 - 1}, no more than ${count - 1} can, and one more may fail`;
      yield { manifest, field: `${path}.env[${i}].value`, message, fix: 'run 3 mnodes, or 1', severity: 'error' };
    }
  }
}
