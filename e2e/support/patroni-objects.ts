import type { Json } from './kubectl';
import type { Subject } from './subject';

/** What Patroni writes at every turn of its loop. */
const VOLATILE = ['renewTime', 'optime', 'slots', 'retain_slots', 'failsafe'];

/** Patroni's own objects by name: identity, and what they say but for what changes all the time. */
export async function patroniObjects(subject: Subject): Promise<Record<string, { uid: string; annotations: Record<string, string> }>> {
  const kind = subject.dcs === 'endpoints' ? 'endpoints' : 'configmaps';
  const { items } = await subject.kubectl.get(kind, '-l', 'application=patroni,cluster-name=orders');
  // The Endpoints of our own Services with a selector carry the labels too; what Patroni writes has annotations of its own.
  const own = items.filter((item: Json) => NAMES.includes(item.metadata.name));
  return Object.fromEntries(
    own.map(({ metadata }: Json) => {
      const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => !VOLATILE.includes(key));
      return [metadata.name, { uid: metadata.uid, annotations: Object.fromEntries(annotations) }];
    }),
  );
}

const NAMES = ['orders', 'orders-leader', 'orders-config', 'orders-failover', 'orders-sync'];
