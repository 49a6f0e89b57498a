import { imageNotes, imageOf } from '../../../lib/checks/review/images';
import { comparison, deployment, messages, template } from './support';

const notes = (from: string, to: string) =>
  messages(imageNotes(comparison([deployment({}, template({ image: from }))], [deployment({}, template({ image: to }))])));
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

test.each<[string, string, string]>([
  ['app:1', 'app:2', 'safe: app: app goes from 1 to 2'],
  ['app', 'app:2', 'safe: app: app goes from no tag to 2'],
  ['app:1', 'other:1', 'safe: app: another image, other:1 instead of app:1'],
  [`app:1@${digest('a')}`, `app:1@${digest('b')}`, `safe: app: 1 of app is another build, ${digest('b')}`],
  ['app:1', `app:1@${digest('b')}`, `safe: app: 1 of app is pinned to ${digest('b')}`],
  [`app:1@${digest('b')}`, 'app:1', 'safe: app: 1 of app loses its digest'],
])('%s → %s', (from, to, expected) => {
  expect(notes(from, to)).toEqual([expected]);
});

test.each<[string, string, string]>([
  ['postgres:16.4', 'postgres:17.2', 'PostgreSQL 16 becomes 17, and a major version of PostgreSQL does not start on the data of another'],
  ['postgres:17-alpine', 'registry.example:5000/library/postgres:18-alpine', 'PostgreSQL 17 becomes 18'],
  ['timescale/timescaledb-ha:pg16.4-ts2.17', 'timescale/timescaledb-ha:pg17.2-ts2.17', 'PostgreSQL 16 becomes 17'],
  ['timescale/timescaledb:2.14.2-pg15', 'timescale/timescaledb:2.14.2-pg16', 'PostgreSQL 15 becomes 16'],
  ['ghcr.io/zalando/spilo-16:3.3-p1', 'ghcr.io/zalando/spilo-17:4.0-p2', 'PostgreSQL 16 becomes 17'],
  ['bitnami/postgresql:16.1.0-debian-11-r1', 'bitnami/postgresql:15.1.0-debian-11-r1', 'PostgreSQL 16 becomes 15'],
  ['mysql:8.0.36', 'mysql:8.4.0', 'MySQL 8.0 becomes 8.4'],
  ['mongo:6.0', 'mongo:7.0', 'MongoDB 6 becomes 7'],
  ['quay.io/coreos/etcd:v3.5.9', 'quay.io/coreos/etcd:v3.6.0', 'etcd 3.5 becomes 3.6'],
  ['tdengine/tdengine:3.3.5.0', 'tdengine/tdengine:3.3.6.0', 'TDengine 3.3.5 becomes 3.3.6'],
])('%s → %s is risky', (from, to, expected) => {
  expect(notes(from, to)).toEqual([expect.stringContaining('risky: ')]);
  expect(notes(from, to)[0]).toContain(expected);
});

test.each([
  ['postgres:17.1', 'postgres:17.2'],
  ['mysql:8.4.1', 'mysql:8.4.2'],
  ['postgres:latest', 'postgres:17'],
  ['mysql:8', 'mysql:8.4'], // which 8 it was is not known
  ['prom/postgres-exporter:v0.15', 'prom/postgres-exporter:v1.0'],
  ['app:1', 'app:2'],
])('%s → %s is not', (from, to) => {
  expect(notes(from, to)).toEqual([expect.stringContaining('safe: ')]);
});

test('containers that change in the same way are one note, those that stay or are new are none', () => {
  const pod = (image: string, ...more: string[]) =>
    template(
      { image },
      { containers: ['a', 'b', ...more].map((name) => ({ name, image })), initContainers: [{ name: 'i', image: 'i:1' }] },
    );
  expect(messages(imageNotes(comparison([deployment({}, pod('x:1'))], [deployment({}, pod('x:2', 'c'))])))).toEqual([
    'safe: a and b: x goes from 1 to 2',
  ]);
});

test.each([
  ['registry.example:5000/app', { repository: 'registry.example:5000/app', tag: '', digest: '' }],
  ['a/b:1@sha256:x', { repository: 'a/b', tag: '1', digest: 'sha256:x' }],
  ['', { repository: '', tag: '', digest: '' }],
])('%s', (image, expected) => {
  expect(imageOf(image)).toEqual(expected);
});
