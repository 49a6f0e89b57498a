import type { Json, Kubectl } from './kubectl';
import { until } from './wait';

/** A member as Patroni lists it. */
export interface Member {
  readonly name: string;
  readonly role: string;
  readonly state: string;
  readonly timeline?: number;
}

/** A member's pod. */
export interface Pod {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  readonly ip: string;
  readonly ready: boolean;
}

/** What one look at a cluster showed. */
export interface View {
  readonly leader: string;
  readonly members: readonly Member[];
  readonly streaming: readonly string[];
  readonly synchronous: readonly string[];
  readonly timeline: number;
}

const STANDBYS = "select application_name, sync_state from pg_stat_replication where state = 'streaming'";
/** Members that something else made have no scripts of ours. */
const API = 'if [ -e /scripts/api.sh ]; then . /scripts/api.sh; else api() { curl -sS -X "$1" "${@:3}" "http://127.0.0.1:8008/$2"; }; fi';
const LOOK = `${API}; api GET cluster -f --max-time 3; echo; psql -XAtc "${STANDBYS}"`;

/** A Patroni cluster, seen through its pods. */
export class Database {
  constructor(
    public readonly kubectl: Kubectl,
    public readonly name: string,
    /** Labels of the members' pods. */
    private readonly labels: Record<string, string>,
    /** Whether a standby has to be synchronous for the cluster to be healthy. */
    private readonly synchronous: boolean,
  ) {}

  public get selector(): string {
    return Object.entries(this.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
  }

  public async pods(): Promise<Pod[]> {
    const { items } = await this.kubectl.get('pods', '-l', this.selector);
    return items.map((pod: Json) => ({
      name: pod.metadata.name,
      uid: pod.metadata.uid,
      node: pod.spec.nodeName,
      ip: pod.status.podIP,
      ready: !pod.metadata.deletionTimestamp && pod.status.conditions?.some((c: Json) => c.type === 'Ready' && c.status === 'True'),
    }));
  }

  public async pod(name: string): Promise<Pod> {
    const found = (await this.pods()).find((pod) => pod.name === name);
    if (!found) throw new Error(`no pod ${name}`);
    return found;
  }

  /** Members and standbys as one member sees them. */
  public async look(from: string): Promise<View> {
    const [cluster, ...rows] = (await this.kubectl.exec(from, 'patroni', ['bash', '-c', LOOK])).trim().split('\n');
    const members: Member[] = JSON.parse(cluster).members;
    const leader = members.find((member) => member.role === 'leader');
    if (leader?.state !== 'running') throw new Error(`no running leader: ${cluster}`);
    const standbys = rows.map((row) => row.split('|'));
    return {
      leader: leader.name,
      members,
      streaming: standbys.map(([name]) => name),
      synchronous: standbys.filter(([, state]) => state === 'sync' || state === 'quorum').map(([name]) => name),
      timeline: leader.timeline ?? 0,
    };
  }

  /** The leader's own view, found from whichever pod answers, but those on a node that is gone. */
  public async view(exceptNode?: string): Promise<View> {
    let last: unknown = new Error('no pod');
    for (const pod of await this.pods()) {
      if (pod.node === exceptNode) continue;
      try {
        const seen = await this.look(pod.name);
        return seen.leader === pod.name ? seen : await this.look(seen.leader);
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }

  public async leader(): Promise<Pod> {
    return this.pod((await this.view()).leader);
  }

  /** Waits until every member is Ready, one leads, and all others stream from it. */
  public healthy(members: number, seconds: number): Promise<View> {
    return until(
      `${this.kubectl.namespace}: ${members} healthy members`,
      seconds,
      async () => {
        const pods = await this.pods();
        const unready = pods.filter((pod) => !pod.ready).map((pod) => pod.name);
        if (unready.length > 0 || pods.length !== members) throw new Error(`${pods.length} pods, unready: ${unready}`);
        const view = await this.view();
        const leaders = view.members.filter((member) => member.role === 'leader');
        const enough = view.streaming.length === members - 1 && view.members.length === members && leaders.length === 1;
        if (!enough || (this.synchronous && members > 1 && view.synchronous.length === 0)) throw new Error(JSON.stringify(view));
        return view;
      },
      2,
    ); // each look costs processor time that the database under test needs
  }

  /**
   * Waits until the leader would ask just these members whether it may go on without the API (failsafe mode). It asks those
   * whom it last wrote down, which lags two of its loops behind a member that left.
   */
  public async failsafeIsCurrent(seconds: number): Promise<void> {
    const { name } = await this.leader();
    await until(`${this.kubectl.namespace}: failsafe mode to know the members`, seconds, async () => {
      const asked = Object.keys(JSON.parse(await this.patroni(name, 'GET', 'failsafe')));
      const pods = (await this.pods()).map((pod) => pod.name);
      if (asked.sort().join() !== pods.sort().join()) throw new Error(`it asks ${asked}, there are ${pods}`);
      return true;
    });
  }

  /** Asks a member's Patroni, with the credentials of its pod. */
  public patroni(pod: string, method: string, path: string, body?: object): Promise<string> {
    const ask = `${API}; api "$@" --fail-with-body --max-time 30`;
    const data = body ? ['-d', JSON.stringify(body)] : [];
    return this.kubectl.exec(pod, 'patroni', ['bash', '-c', ask, 'api', method, path, ...data], 40);
  }

  /** Asks for SQL as the superuser on a member. */
  public sql(pod: string, database: string, query: string): Promise<string> {
    const command = ['psql', '-XAt', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', query];
    return this.kubectl.exec(pod, 'patroni', command, 30);
  }

  /** Moves the leadership to a member. */
  public async switchover(to: string): Promise<void> {
    await until(`${this.kubectl.namespace}: switchover to ${to}`, 60, async () => {
      const { leader } = await this.view();
      if (leader === to) return true;
      throw new Error(await this.patroni(leader, 'POST', 'switchover', { leader, candidate: to }));
    });
  }

  /**
   * Moves the leadership to the member on a node. A synchronous cluster lets only its synchronous standby take over,
   * so there it may go round several members.
   */
  public async lead(node: string, members: number): Promise<Pod> {
    for (let attempt = 0; attempt < 6; attempt++) {
      const view = await this.healthy(members, 90);
      const pods = await this.pods();
      const wanted = pods.find((pod) => pod.node === node);
      if (!wanted) throw new Error(`${this.kubectl.namespace} has no member on ${node}`);
      if (view.leader === wanted.name) return wanted;
      const allowed = !this.synchronous || view.synchronous.includes(wanted.name);
      await this.switchover(allowed ? wanted.name : view.synchronous[0]);
    }
    throw new Error(`${this.kubectl.namespace}: the leader would not move to ${node}`);
  }
}
