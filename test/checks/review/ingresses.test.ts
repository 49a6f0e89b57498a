import { ingressNotes } from '../../../lib/checks/review/ingresses';
import type { Json } from '../../support';
import { comparison, messages, object } from './support';

const notes = (before: Json[], after: Json[]) => messages(ingressNotes(comparison(before, after)));
const path = (name: string, at = '/', port: object = { number: 80 }) => ({
  path: at,
  pathType: 'Prefix',
  backend: { service: { name, port } },
});
const ingress = (rules: object[], spec: object = {}, name = 'web') =>
  object('networking.k8s.io/v1', 'Ingress', name, { spec: { rules, ...spec } });
const rule = (host: string | undefined, ...paths: object[]) => ({ host, http: { paths } });

test.each<[string, Json[], Json[], string[]]>([
  ['is new', [], [ingress([rule('a.example', path('x'))])], ['risky: a.example/ is reachable from now on']],
  ['is gone', [ingress([rule('a.example', path('x'))])], [], ['risky: a.example/ is no longer served']],
  [
    'has another path',
    [ingress([rule('a.example', path('x'))])],
    [ingress([rule('a.example', path('x'), path('y', '/y'))])],
    ['risky: a.example/y is reachable from now on'],
  ],
  [
    'leads elsewhere',
    [ingress([rule('a.example', path('x'))])],
    [ingress([rule('a.example', path('y', '/', { name: 'http' }))])],
    ['risky: a.example/ leads to y:http instead of x:80'],
  ],
  ['moves to another Ingress', [ingress([rule('a.example', path('x'))])], [ingress([rule('a.example', path('x'))], {}, 'other')], []],
  [
    'is for any host',
    [],
    [ingress([rule(undefined, path('x'))], { defaultBackend: { service: { name: 'd' } } })],
    ['risky: every other host and */ are reachable from now on'],
  ],
  [
    'loses and gets a certificate',
    [ingress([], { tls: [{ hosts: ['a.example'] }] })],
    [ingress([], { tls: [{ hosts: ['b.example'] }] })],
    ['risky: a.example no longer has a certificate here', 'safe: b.example has a certificate'],
  ],
  [
    'has another class',
    [ingress([], { ingressClassName: 'nginx' })],
    [ingress([], { ingressClassName: 'traefik' })],
    [expect.stringContaining('the class goes from nginx to traefik')],
  ],
  ['stays', [ingress([rule('a.example', path('x'))])], [ingress([rule('a.example', path('x'))])], []],
])('an Ingress that %s', (_, before, after, expected) => {
  expect(notes(before, after)).toEqual(expected);
});
