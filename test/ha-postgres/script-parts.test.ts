import { Size } from 'cdk8s';
import type { HaPostgresProps } from '../../lib';
import { chartWith, type Json, login, minimalBackups, objectOf, objectsOf } from '../support';
import { withBackups } from './backup-support';

const VARIANTS: Record<string, Partial<HaPostgresProps>> = {
  'the least': {},
  backups: withBackups(),
  'a drill': withBackups({ drill: { storage: { size: Size.gibibytes(1) } } }),
  recovery: { recovery: { source: minimalBackups().repository } },
  'a standby of a host': { standbyOf: { host: 'other.example' } },
  monitoring: { monitoring: { scrapedBy: { namespace: 'monitoring' } } },
  pooler: { pooler: { login: login('pooler') } },
};

/** The scripts that a container has at /scripts: the files of the ConfigMap mounted there. */
function scriptsOf(chart: Json, pod: Json): Record<string, string> {
  const { configMap } = pod.volumes.find((volume: Json) => volume.name === 'scripts');
  return objectOf(chart, 'ConfigMap', configMap.name).data;
}

function podsWithScripts(chart: Json): Json[] {
  return objectsOf(chart)
    .map(({ spec }) => spec?.jobTemplate?.spec.template.spec ?? spec?.template?.spec)
    .filter((pod) => pod?.volumes?.some((volume: Json) => volume.name === 'scripts'));
}

/** Files that a text runs or reads beside itself. */
const named = (text: string) =>
  [...text.matchAll(/(?:\/scripts|\$here|\$\(dirname "\$0"\))\/([\w-]+\.(?:sh|sql))/g)].map(([, name = '']) => name);

test.each(Object.entries(VARIANTS))('every script that is called is there, with what it reads: %s', (_, props) => {
  const chart = chartWith(props);
  for (const pod of podsWithScripts(chart)) {
    const there = scriptsOf(chart, pod);
    const patroni = objectOf(chart, 'ConfigMap', 'orders-patroni').data;
    const called = named(JSON.stringify([pod.containers, pod.volumes.some((v: Json) => v.name === 'patroni') ? patroni : {}]));
    expect(called.length).toBeGreaterThan(0);
    const read = Object.values(there).flatMap(named);
    expect([...called, ...read].filter((name) => !(name in there))).toEqual([]);
  }
});

test.each([
  ['the least', []],
  ['backups', ['pgbackrest.sh', 'restore.sh']],
  ['recovery', ['restore.sh']],
  ['monitoring', ['exporter.sh']],
  ['pooler', []],
])('members have no script of a part that is off: %s', (variant, parts) => {
  const optional = ['backup.sh', 'drill.sh', 'exporter.sh', 'pgbackrest.sh', 'pooler-ready.sh', 'pooler.sh', 'restore.sh', 'verify.sh'];
  const { data } = objectOf(chartWith(VARIANTS[variant]), 'ConfigMap', 'orders-scripts');
  expect(Object.keys(data).filter((name) => optional.includes(name))).toEqual(parts);
});

test.each([
  ['backups', ['backup.sh', 'pgbackrest-config.sh', 'verify.sh']],
  ['a drill', ['backup.sh', 'drill.sh', 'pgbackrest-config.sh', 'verify.sh']],
])('Jobs have those of what is scheduled: %s', (variant, scripts) => {
  const { data } = objectOf(chartWith(VARIANTS[variant]), 'ConfigMap', 'orders-pgbackrest');
  expect(Object.keys(data).filter((name) => name.endsWith('.sh'))).toEqual(scripts);
});
