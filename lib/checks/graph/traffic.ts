import { type Connection, type Connections, type End, Ports, purposeOf, type Workload, workloadEnd } from '../connections';
import type { Manifests } from '../manifests/manifests';
import { hostsOf, isHostOf } from './hosts';
import type { Behind, Service } from './services';

/** An arrow of who may open connections to what: to the pods themselves, or to a Service before them. */
export interface Arrow {
  readonly from: End;
  readonly to: End;
  readonly service?: Service;
  /** The Service's ports, if there is one, else those of the pods. */
  readonly label: string;
  /** In any case those of the pods. */
  readonly ports: Ports;
}

/** What of all connections is worth an arrow, and what is said in another way. */
export interface Traffic {
  readonly arrows: readonly Arrow[];
  /** Ports among the pods of one workload, by its key. */
  readonly inner: ReadonlyMap<string, Ports>;
  /** Ports that only the API server would be asked on, open to everything, by the workload's key. */
  readonly apiServer: ReadonlyMap<string, Ports>;
}

export function trafficOf(connections: Connections, services: readonly Service[], manifests: Manifests): Traffic {
  const paths = new Paths(services, manifests);
  const [inner, apiServer] = [new Map<string, Ports>(), new Map<string, Ports>()];
  const arrows: Arrow[] = [];
  for (const connection of connections.all) {
    const { from, to, ports } = connection;
    if (from.key === to.key) inner.set(to.key, ports);
    else if (to.workload) {
      if (from.workload || connections.isIsolated(to.workload, 'ingress')) arrows.push(...paths.into(connection, to.workload));
    } else if (from.workload && connections.isIsolated(from.workload, 'egress')) {
      const purpose = purposeOf(connection);
      if (!purpose.apiServer.isEmpty) apiServer.set(from.key, purpose.apiServer);
      const rest = ports.minus(purpose.dns).minus(purpose.apiServer);
      if (!rest.isEmpty) arrows.push({ from, to, label: `${rest}`, ports: rest });
    }
  }
  return { arrows: [...arrows, ...paths.unpoliced(connections, arrows)], inner, apiServer };
}

/** By which Service pods are reached. */
class Paths {
  private readonly before = new Map<string, { readonly service: Service; readonly behind: Behind }[]>();
  private readonly byName = new Map<string, Service[]>();
  private readonly named = new Map<Workload, ReadonlySet<Service>>();

  constructor(
    services: readonly Service[],
    private readonly manifests: Manifests,
  ) {
    for (const service of services) {
      const { name } = service.manifest;
      this.byName.set(name, [...(this.byName.get(name) ?? []), service]);
      for (const behind of service.behind) {
        const { key } = behind.workload;
        this.before.set(key, [...(this.before.get(key) ?? []), { service, behind }]);
      }
    }
  }

  /**
   * By the Services that the other end names, else by the only one there is; to the pods themselves where there are several,
   * and on ports that no Service has.
   */
  public into({ from, to, ports }: Connection, workload: Workload): Arrow[] {
    const near = (this.before.get(workload.key) ?? []).flatMap(({ service, behind }) => {
      const some = behind.ports.filter(({ target }) => !target.isEmpty && ports.covers(target));
      return some.length > 0 ? [{ service, some }] : [];
    });
    const named = near.filter(({ service }) => from.workload && this.namedBy(from.workload).has(service));
    const through = named.length > 0 ? named : near.length === 1 ? near : [];
    if (through.length === 0) return [{ from, to, label: `${ports}`, ports }];
    const arrows = through.map(({ service, some }): Arrow => {
      const reached = ports.isAll ? ports : Ports.union(some.map(({ target }) => target));
      return { from, to, service, label: ports.isAll ? `${ports}` : ownText(some), ports: reached };
    });
    const rest = ports.minus(Ports.union(arrows.map((arrow) => arrow.ports)));
    return rest.isEmpty ? arrows : [...arrows, { from, to, label: `${rest}`, ports: rest }];
  }

  /** To the Services that a workload names and may use, since no policy of either side is about the other. */
  public unpoliced(connections: Connections, known: readonly Arrow[]): Arrow[] {
    const done = new Set(known.map(({ from, to }) => `${from.key} ${to.key}`));
    const isNew = (from: Workload, to: Workload) => from !== to && !done.has(`${from.key} ${to.key}`);
    return [...connections.pods.workloads.values()].flatMap((workload) =>
      [...this.namedBy(workload)].flatMap((service) =>
        service.behind
          .filter((behind) => isNew(workload, behind.workload))
          .flatMap((behind) => {
            const ports = connections.between(workload, behind.workload);
            const some = behind.ports.filter(({ target }) => !target.isEmpty && ports.covers(target));
            if (some.length === 0) return [];
            const reached = Ports.union(some.map(({ target }) => target));
            return [{ from: workloadEnd(workload), to: workloadEnd(behind.workload), service, label: ownText(some), ports: reached }];
          }),
      ),
    );
  }

  /** The Services whose hosts a workload's settings have. */
  private namedBy(workload: Workload): ReadonlySet<Service> {
    const known = this.named.get(workload);
    if (known) return known;
    const services = [...hostsOf(workload, this.manifests)].flatMap((host) =>
      host
        .split('.', 2)
        .flatMap((part) => this.byName.get(part) ?? [])
        .filter(({ manifest }) => isHostOf(manifest, host, workload.namespace)),
    );
    const result = new Set(services);
    this.named.set(workload, result);
    return result;
  }
}

function ownText(ports: Behind['ports']): string {
  return ports.map(({ own }) => own).join(', ');
}
