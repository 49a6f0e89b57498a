import * as fc from 'fast-check';
import { escaped } from '../../../lib/checks/graph/mermaid';
import { Ids } from '../../../lib/checks/graph/model';
import { app, inNamespace, pods, policy } from '../connections/support';
import { node, object, picture, service } from './support';

/** Mermaid, as far as it is written here: tried once with Mermaid's own parser, and drawn by it. */
const ID = '[a-z0-9_]+';
const TEXT = '"(?:[\\p{L}\\p{N} .,:/()=+×→…-]|#\\d+;|<br/>)+"';
const SHAPES = [
  ['[', ']', 'workload|open'],
  ['([', '])', 'service'],
  ['[/', '/]', 'route'],
  ['[(', ')]', 'volume'],
  ['{{', '}}', 'secret'],
  ['(', ')', 'outside'],
  ['>', ']', 'note'],
].map(([open = '', close = '', style]) => `${quoted(open)}${TEXT}${quoted(close)}:::(?:${style})`);
const LINE = new RegExp(
  [
    'flowchart LR',
    '%% [\\p{L}\\p{N} .,:;/()-]*',
    `subgraph ${ID}\\[${TEXT}\\]`,
    'direction LR',
    'end',
    `${ID}(?:${SHAPES.join('|')})`,
    `${ID} (?:==>|-->|-\\.->|---|-\\.-)(?:\\|${TEXT}\\|)? ${ID}`,
    'classDef [a-z]+ [a-z0-9#:,. -]+',
    '',
  ]
    .map((line) => `^ *(?:${line})$`)
    .join('|'),
  'u',
);

function quoted(text: string): string {
  return text.replace(/[[\](){}/]/g, '\\$&');
}

const DECLARED = new RegExp(`^ *(?:subgraph )?(${ID})(?:${SHAPES.join('|')}|\\[")`, 'u');
const USED = new RegExp(`^ *(${ID}) (?:==|--|-\\.).* (${ID})$`, 'u');

/** What is wrong with a picture: lines that are not of the language, ids twice or of nothing, frames that do not close. */
function faults(text: string): string[] {
  const lines = text.split('\n');
  const declared = lines.flatMap((line) => DECLARED.exec(line)?.[1] ?? []);
  const used = lines.flatMap((line) => USED.exec(line)?.slice(1) ?? []);
  const frames = lines.filter((line) => line.trim().startsWith('subgraph')).length - lines.filter((line) => line.trim() === 'end').length;
  return [
    ...lines.filter((line) => !LINE.test(line)),
    ...declared.filter((id, index) => declared.indexOf(id) !== index).map((id) => `${id} twice`),
    ...used.filter((id) => !declared.includes(id)).map((id) => `${id} is nothing`),
    ...(frames === 0 ? [] : [`${frames} frames are open`]),
  ];
}

const HOSTILE = [
  'a"]; click a href "javascript:alert(1)"',
  'end',
  'subgraph x',
  '<img src=x onerror=alert(1)>',
  '"`**bold**`"',
  '%%{init: {"securityLevel": "loose"}}%%',
  'a\nb --> c\r\n%% d',
  '#quot;#35;&lt;ﬂ°°60¶ß',
  '$$x^2$$ fa:fa-car 1. one',
  '\u202Eevil\u0000\uD800',
  '数据库 Ünïcode 🐘',
  'x'.repeat(500),
  '',
  '```',
  '*a* _b_ ~~c~~ `d` [e](http://f) &lt;b&gt;',
  '- one',
];

/** A tree in which every word that can be drawn is this one. */
function tree(word: string): object[] {
  const namespace = word || 'shop';
  const labels = { 'app.kubernetes.io/instance': word, app: word, [word]: word };
  const spec = {
    volumes: [
      { name: word, secret: { secretName: word } },
      { name: word, hostPath: { path: word } },
      { persistentVolumeClaim: { claimName: word } },
    ],
  };
  const claim = { metadata: { name: word }, spec: { resources: { requests: { storage: word } } } };
  const backend = { service: { name: word, port: { name: word } } };
  const ports = [{ port: word }, { port: 80 }];
  const workload = app(word, { namespace, labels, spec }) as { spec: object };
  return [
    {
      ...workload,
      kind: 'StatefulSet',
      metadata: { name: word, namespace, labels },
      spec: { ...workload.spec, replicas: 3, volumeClaimTemplates: [claim] },
    },
    app('other', { namespace, labels: { 'app.kubernetes.io/instance': word } }),
    object(
      'CronJob',
      word,
      { spec: { schedule: word, jobTemplate: { spec: { template: { metadata: { labels }, spec } } } } },
      'batch/v1',
      namespace,
    ),
    {
      ...service(word, { selector: labels, type: word, ports: [{ port: word, targetPort: word, protocol: word }] }),
      metadata: { name: word, namespace },
    },
    object('Service', `${word}-external`, { spec: { type: 'ExternalName', externalName: word } }, 'v1', namespace),
    object('Ingress', word, { spec: { rules: [{ host: word, http: { paths: [{ backend }] } }] } }, 'networking.k8s.io/v1', namespace),
    object('CiliumNetworkPolicy', word, {}, 'cilium.io/v2', namespace),
    policy(
      word,
      {
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [pods(word, inNamespace(word)), { podSelector: {} }, { ipBlock: { cidr: word } }], ports }],
        egress: [{ to: [pods(word, inNamespace('x'))], ports }, { ports }],
      },
      namespace,
    ),
  ];
}

test.each(HOSTILE)('%j is nothing but text', (word) => {
  for (const options of [{}, { mostNodes: 4 }, { mostNodes: 1 }]) expect(faults(picture(tree(word), options))).toEqual([]);
});

test('nothing that a manifest says is anything but text', () => {
  const word = fc.oneof(
    fc.array(fc.nat(0x10ffff), { maxLength: 10 }).map((codes) => String.fromCodePoint(...codes)),
    fc.string(),
    fc.constantFrom(...HOSTILE),
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 2 }), (words) => {
      expect(faults(picture(words.flatMap(tree)))).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test('any objects at all have a picture', () => {
  const kinds = ['Service', 'Ingress', 'HTTPRoute', 'StatefulSet', 'CronJob', 'NetworkPolicy', 'Secret', 'ExternalSecret'];
  const broken = fc.record({
    apiVersion: fc.constantFrom('v1', 'apps/v1', 'batch/v1', 'networking.k8s.io/v1', 'gateway.networking.k8s.io/v1'),
    kind: fc.constantFrom(...kinds),
    metadata: fc.oneof(fc.anything(), fc.record({ name: fc.string() })),
    spec: fc.oneof(
      fc.anything(),
      fc.record({ template: fc.record({ spec: fc.anything() }), rules: fc.array(fc.anything()), ports: fc.array(fc.anything()) }),
    ),
  });
  fc.assert(fc.property(fc.array(fc.oneof(broken, fc.anything())), (objects) => faults(picture(objects)).length === 0));
});

test.each([
  ['StatefulSet orders ×3', 'StatefulSet orders ×3'],
  ['a_b', 'a#95;b'],
  ['0 3 * * *', '0 3 #42; #42; #42;'],
  ['says "no"', 'says #34;no#34;'],
  ['API server: TCP 443', 'API server: TCP 443'],
  ['fa:fa-car', 'fa#58;#8203;fa-car'],
  ['$$', '#36;#8203;#36;#8203;'],
  ['a\n\tb\u200B', 'a b'],
  ['Datenbank für 数据', 'Datenbank für 数据'],
  ['🐘', '#128024;'],
  ['x'.repeat(81), `${'x'.repeat(79)}…`],
])('%j is written as %j', (text, written) => {
  expect(escaped(text)).toBe(written);
});

test('ids are made of names, and are as many as there are things', () => {
  const ids = new Ids();
  expect([ids.of('1', 'Service', 'shop', 'a-b'), ids.of('2', 'Service', 'shop', 'a.b'), ids.of('1', 'x'), ids.of('3', '数')]).toEqual([
    'service_shop_a_b',
    'service_shop_a_b_2',
    'service_shop_a_b',
    'node',
  ]);
});

test('a name without letters still has a node', () => {
  expect(node([app('数据', { namespace: '库' })], 'deployment')).toBe('deployment["Deployment 数据"]:::workload');
});
