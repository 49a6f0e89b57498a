import type { Json } from './kubectl';
import { NAME, type Subject } from './subject';
import { until } from './wait';

/** Seconds until a change in Git or in a Secret is in force everywhere; the kubelet alone takes up to 20 of them here. */
const LIMIT = 90;
const LOGINS = { superuser: 'postgres', replication: 'replicator', rewind: 'rewind', [NAME]: NAME };

/** What an operator does by hand: pauses failover, which is to be kept, and turns a knob, which is not. */
export async function tamper(subject: Subject): Promise<void> {
  const { leader } = await subject.database.view();
  await subject.database.patroni(leader, 'PATCH', 'config', { pause: true, ttl: 45 });
}

/** Ends the pause, as an operator would. */
export async function resume(subject: Subject): Promise<void> {
  const { leader } = await subject.database.view();
  await subject.database.patroni(leader, 'PATCH', 'config', { pause: null });
}

/** Other passwords in the Secret that all logins come from. */
export async function rotate(subject: Subject, suffix: string): Promise<void> {
  const stringData = Object.fromEntries(Object.keys(LOGINS).map((key) => [key, `${key} '${suffix}' "$\\`]));
  await subject.kubectl.apply([{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'orders-postgres' }, stringData } as Json]);
}

/** Waits until every login takes its new password, over the network and with scram. */
export async function rotated(subject: Subject, suffix: string): Promise<void> {
  const { leader } = await subject.database.view();
  const { ip } = await subject.database.pod(leader);
  for (const [key, user] of Object.entries(LOGINS)) {
    const conninfo = `host=${ip} user=${user} dbname=postgres connect_timeout=3${key === 'replication' ? ' replication=true' : ''}`;
    const ask = key === 'replication' ? 'IDENTIFY_SYSTEM' : 'SELECT 1';
    const command = `PGPASSWORD=$(cat) psql "${conninfo}" -XAtc "${ask}"`;
    await until(`${subject.label}: ${user} with its new password`, LIMIT, async () => {
      const given = `printf %s "${`${key} '${suffix}' "$\\`.replace(/["$\\]/g, '\\$&')}"`;
      return (await subject.kubectl.exec(leader, 'patroni', ['bash', '-c', `${given} | { ${command}; }`], 20)) ? true : undefined;
    });
  }
}

/** Waits until a parameter is in force on every member. */
export async function inForce(subject: Subject, parameter: string, value: string): Promise<void> {
  for (const { name } of await subject.database.pods()) {
    const seen = async () => ((await subject.database.sql(name, 'postgres', `SHOW ${parameter}`)).trim() === value ? true : undefined);
    await until(`${subject.label}: ${parameter} on ${name}`, LIMIT, seen);
  }
}

/** The dynamic configuration as Patroni has it. */
export async function dynamicConfiguration(subject: Subject): Promise<Json> {
  const { leader } = await subject.database.view();
  return JSON.parse(await subject.database.patroni(leader, 'GET', 'config'));
}

/** Cuts every replica's stream: to come back it has to log in, with the password it knows by now. */
export async function reconnectReplicas(subject: Subject): Promise<void> {
  const { leader } = await subject.database.view();
  await subject.database.sql(leader, 'postgres', 'SELECT pg_terminate_backend(pid) FROM pg_stat_replication');
  await subject.healthy(LIMIT);
}
