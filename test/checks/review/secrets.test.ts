import { secretNotes } from '../../../lib/checks/review/secrets';
import type { Json } from '../../support';
import { comparison, deployment, messages, object, statefulSet, template } from './support';

const notes = (before: Json[], after: Json[]) => messages(secretNotes(comparison(before, after)));
const reads = (name: string, key = 'password', optional?: boolean) =>
  template({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name, key, optional } } }] });
const secret = (name: string) => object('v1', 'Secret', name);

test.each<[string, Json[], Json[], string[]]>([
  [
    'another',
    [deployment({}, reads('a'))],
    [deployment({}, reads('b')), secret('b')],
    ['safe: reads password of Secret b', 'safe: no longer reads password of Secret a'],
  ],
  [
    'another key',
    [deployment({}, reads('a'))],
    [deployment({}, reads('a', 'user')), secret('a')],
    ['safe: reads user of Secret a', 'safe: no longer reads password of Secret a'],
  ],
  [
    'one that is not there',
    [deployment()],
    [deployment({}, reads('a'))],
    ['safe: reads password of Secret a; not among these manifests: a'],
  ],
  ['one that may be missing', [deployment()], [deployment({}, reads('a', 'password', true))], ['safe: reads password of Secret a']],
  [
    'one that an ExternalSecret makes',
    [],
    [deployment({}, reads('a')), object('external-secrets.io/v1', 'ExternalSecret', 'x', { spec: { target: { name: 'a' } } })],
    ['safe: reads password of Secret a'],
  ],
  [
    'one that cert-manager makes',
    [],
    [
      deployment({}, template({}, { volumes: [{ name: 'a', secret: { secretName: 'tls' } }] })),
      object('cert-manager.io/v1', 'Certificate', 'x', { spec: { secretName: 'tls' } }),
    ],
    ['safe: reads Secret tls'],
  ],
  [
    'one for an Ingress',
    [],
    [object('networking.k8s.io/v1', 'Ingress', 'x', { spec: { tls: [{ secretName: 'tls' }, {}] } })],
    ['safe: reads Secret tls; not among these manifests: tls'],
  ],
  [
    'one for pulling images',
    [],
    [object('v1', 'ServiceAccount', 'x', { imagePullSecrets: [{ name: 'pull' }] }), secret('pull')],
    ['safe: reads Secret pull'],
  ],
  ['the same under another name', [statefulSet({}, reads('a'))], [statefulSet({}, reads('a'), 'other')], []],
  ['none, being gone', [deployment({}, reads('a'))], [], []],
])('an object that reads %s', (_, before, after, expected) => {
  expect(notes(before, after)).toEqual(expected);
});
