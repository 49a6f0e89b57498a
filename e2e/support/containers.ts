import type { Database } from './database';

/** Every container of the members, and how often it began. */
export async function containers({ kubectl, selector }: Database): Promise<string[]> {
  const { items } = await kubectl.get('pods', '-l', selector);
  return items
    .flatMap((pod: { metadata: { uid: string }; status: { containerStatuses: { name: string; restartCount: number }[] } }) =>
      pod.status.containerStatuses.map(({ name, restartCount }) => `${pod.metadata.uid} ${name} ${restartCount}`),
    )
    .sort();
}
