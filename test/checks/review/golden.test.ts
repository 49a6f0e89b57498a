import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { renderReviewMarkdown, renderReviewText } from '../../../lib/checks/review';
import type { Json } from '../../support';
import { review } from './support';

const DIST = join(__dirname, '../../../dist/orders-postgres');
const before: Json[] = readdirSync(DIST)
  .sort()
  .map((file) => parse(readFileSync(join(DIST, file), 'utf8')));

/** A pull request as they come: more members, a new image, a parameter, larger claims, a port opened, a client let in. */
function changed(): Json[] {
  const after = structuredClone(before);
  const one = (kind: string, name: string) => after.find((o) => o.kind === kind && o.metadata.name === name);
  const set = one('StatefulSet', 'orders').spec;
  set.replicas = 5;
  for (const container of set.template.spec.containers) container.image = 'timescale/timescaledb-ha:pg17.11-ts2.29.0';
  set.volumeClaimTemplates[0].spec.resources.requests.storage = '40Gi';
  const { data } = one('ConfigMap', 'orders-patroni');
  data['cluster.json'] = data['cluster.json'].replace('"members": 3', '"members": 5');
  data['dynamic.json'] = data['dynamic.json']
    .replace('"work_mem": "5242kB"', '"work_mem": "8MB"')
    .replace('"max_worker_processes": 8', '"max_worker_processes": 16');
  one('Service', 'orders-replica').spec.type = 'LoadBalancer';
  const [, clients] = one('NetworkPolicy', 'orders').spec.ingress;
  clients.from.push({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'reports' } } });
  return after;
}

const made = review(before, changed());

/** The report that was reviewed; `UPDATE_GOLDEN=1` writes it. */
test.each([
  ['txt', () => renderReviewText(made)],
  ['md', () => renderReviewMarkdown(made)],
  ['json', () => `${JSON.stringify(made, null, 2)}\n`],
])('the review of a pull request as %s is as it was reviewed', (form, render) => {
  const file = join(__dirname, `golden/review.${form}`);
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, render());
  if (!existsSync(file)) throw new Error(`golden/review.${form} is missing: UPDATE_GOLDEN=1 npx jest golden, and review it`);
  expect(render()).toBe(readFileSync(file, 'utf8'));
});

test('it changes nothing that it should not', () => {
  expect(made.objects.map(({ object }) => object)).toEqual([
    'ConfigMap shop/orders-patroni',
    'NetworkPolicy shop/orders',
    'Service shop/orders-replica',
    'StatefulSet shop/orders',
  ]);
});
