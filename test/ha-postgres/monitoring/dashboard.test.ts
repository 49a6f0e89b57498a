import type { HaPostgresProps } from '../../../lib';
import { chartWith, type Json, objectOf, objectsOf } from '../../support';
import { FULL } from './full';
import { METRICS, metricsIn } from './metrics';
import { checkRules, HAS_PROMTOOL } from './promtool';

const monitoring = { scrapedBy: { namespace: 'monitoring' }, dashboard: {} };

function configMap(props: Partial<HaPostgresProps> = {}, namespace: string | undefined = 'shop'): Json {
  return objectOf(chartWith({ ...FULL, monitoring, ...props }, namespace), 'ConfigMap', 'orders-dashboard');
}
function dashboard(props?: Partial<HaPostgresProps>, namespace?: string): Json {
  const [text] = Object.values(configMap(props, namespace).data);
  return JSON.parse(text as string);
}
const expressions = (board: Json): string[] => board.panels.flatMap((panel: Json) => panel.targets.map((target: Json) => target.expr));
const titles = (board: Json) => board.panels.map((panel: Json) => panel.title);

test('Grafana’s sidecar finds it by its label, in a file that no other instance has', () => {
  const { metadata, data } = configMap();
  expect(metadata.labels).toMatchObject({ grafana_dashboard: '1', 'app.kubernetes.io/instance': 'orders' });
  expect(metadata.annotations).toEqual({ 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' }); // or Flux would take ${datasource} for its own
  expect(Object.keys(data)).toEqual(['ha-postgres-shop-orders.json']);
  const elsewhere = configMap({
    monitoring: { ...monitoring, dashboard: { labels: { board: 'yes' }, annotations: { folder: 'Databases' } } },
  });
  expect(elsewhere.metadata.labels).not.toHaveProperty('grafana_dashboard');
  expect(elsewhere.metadata).toMatchObject({ labels: { board: 'yes' }, annotations: { folder: 'Databases' } });
});

test('there is none unless asked for', () => {
  const made = objectsOf(chartWith({ monitoring: { scrapedBy: { namespace: 'monitoring' } } }, 'shop'));
  expect(made.filter((o: Json) => o.metadata.name === 'orders-dashboard')).toEqual([]);
});

test('its id is always the same, short enough for Grafana, and its own', () => {
  const { uid } = dashboard();
  expect(uid).toBe(dashboard().uid);
  expect(uid).toMatch(/^[a-z0-9-]{1,40}$/);
  expect(new Set([uid, dashboard({}, 'till').uid, dashboard({ name: 'orders' }, 'shop2').uid]).size).toBe(3);
});

test('it chooses by variables, which begin with this instance', () => {
  const { templating } = dashboard();
  expect(templating.list.map(({ name, type, current }: Json) => [name, type, current?.value])).toEqual([
    ['datasource', 'datasource', undefined],
    ['namespace', 'query', 'shop'],
    ['cluster', 'query', 'orders'],
  ]);
  for (const expr of expressions(dashboard())) {
    for (const [selector] of expr.matchAll(/\{[^}]*\}/g)) {
      expect(selector).toContain('namespace="$namespace"');
      expect(selector).toContain('$cluster');
    }
    expect(expr).not.toMatch(/orders|shop/);
  }
  for (const { datasource, targets } of dashboard().panels)
    for (const source of [datasource, ...targets.map((t: Json) => t.datasource)])
      expect(source).toEqual({ type: 'prometheus', uid: '${datasource}' });
});

test('every metric in it is one that somebody gives', () => {
  const known = Object.values(METRICS).flat();
  expect(
    expressions(dashboard())
      .flatMap(metricsIn)
      .filter((name) => !known.includes(name)),
  ).toEqual([]);
});

test('every metric of the list is used somewhere', () => {
  const rules = (props: Partial<HaPostgresProps>) =>
    objectOf(chartWith({ ...FULL, ...props }, 'shop'), 'PrometheusRule', 'orders').spec.groups;
  const alerts = [...rules({}), ...rules({ durability: 'quorum' })].flatMap((group: Json) => group.rules.map((rule: Json) => rule.expr));
  const variables = dashboard().templating.list.map(({ query }: Json) => query.replace('patroni_version,', 'patroni_version{},'));
  const used = new Set([...alerts, ...expressions(dashboard()), ...variables].flatMap(metricsIn));
  expect(
    Object.values(METRICS)
      .flat()
      .filter((name) => !used.has(name)),
  ).toEqual([]);
});

test.each<[string, Partial<HaPostgresProps>, string[]]>([
  ['backups', { backups: undefined }, ['Archiver, segments a minute', 'Since the last success']],
  [
    'exporter',
    { monitoring: { ...monitoring, exporter: false } },
    [
      'Replication lag',
      'Transactions a second',
      'Connections',
      'Cache hits',
      'Locks',
      'Longest transaction',
      'Write-ahead log',
      'Archiver, segments a minute',
    ],
  ],
])('without %s, no panel stays empty', (_, props, gone) => {
  const left = titles(dashboard(props));
  expect(titles(dashboard()).filter((title: string) => !left.includes(title))).toEqual(gone);
});

test('panels do not overlap, and none leaves the grid', () => {
  const taken = new Set<string>();
  for (const { gridPos, id } of dashboard().panels) {
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect([id, taken.has(`${x},${y}`)]).toEqual([id, false]);
        taken.add(`${x},${y}`);
      }
    }
  }
  const ids = dashboard().panels.map((panel: Json) => panel.id);
  expect(new Set(ids).size).toBe(ids.length);
});

(HAS_PROMTOOL ? test : test.skip)('Prometheus can read every expression', () => {
  const resolved = expressions(dashboard()).map((expr) =>
    expr.replaceAll('$__rate_interval', '2m').replaceAll('$namespace', 'shop').replaceAll('$cluster', 'orders'),
  );
  expect(resolved.length).toBeGreaterThan(15);
  const rules = resolved.map((expr, i) => ({ record: `panel:${i}`, expr }));
  expect(checkRules([{ name: 'dashboard', rules }])).toBe('');
});
