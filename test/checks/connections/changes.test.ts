import { type ConnectionChange, connectionChanges, connectionText } from '../../../lib/checks/connections';
import { app, inNamespace, manifests, namespace, pods, policy } from './support';

const texts = (changes: readonly ConnectionChange[]) =>
  changes.map((change) => connectionText(change) + (change.cause === 'workload' ? ' (new or gone)' : ''));

/** `+` opened, `-` closed. */
function changes(before: object[], after: object[]): string[] {
  const { opened, closed } = connectionChanges(manifests(before), manifests(after));
  return [...texts(opened).map((text) => `+ ${text}`), ...texts(closed).map((text) => `- ${text}`)].map((line) =>
    line.replaceAll('Deployment shop/', ''),
  );
}

const tree = [app('web'), app('db')];
const into = (...rules: object[]) => policy('db', { ingress: rules });
const [web, monitoring] = [pods('web'), { namespaceSelector: inNamespace('monitoring') }];
const on = (port: unknown, ...from: object[]) => ({ from, ports: [{ port }] });

describe('policies change', () => {
  test.each<[string, object[], object[], string[]]>([
    ['nothing', [into(on(1, web))], [into(on(1, web))], []],
    ['another way to write the same', [into(on(1, web), on(2, web))], [into({ from: [web], ports: [{ port: 1, endPort: 2 }] })], []],
    ['another order', [into(on(1, web), on(2, monitoring))], [into(on(2, monitoring), on(1, web))], []],
    ['a first policy', [], [into(on(1, web))], ['- anything → db: all ports']],
    ['the last policy', [into(on(1, web))], [], ['+ anything → db: all ports']],
    ['a port more', [into(on(1, web))], [into(on(1, web), on(5, web))], ['+ web → db: TCP 5']],
    ['another port', [into(on(1, web))], [into(on(5, web))], ['+ web → db: TCP 5', '- web → db: TCP 1']],
    ['a peer that is not here', [into()], [into(on(1, pods('x')))], ['+ pods app=x of namespace shop → db: TCP 1']],
    ['a wider peer', [into(on(1, web))], [into(on(1, { podSelector: {} }))], ['+ pods of namespace shop → db: TCP 1']],
    ['a narrower peer', [into(on(1, { podSelector: {} }))], [into(on(1, web))], ['- pods of namespace shop → db: TCP 1']],
    [
      'another namespace in place of all',
      [into(on(1, { namespaceSelector: {} }))],
      [into(on(1, monitoring))],
      ['- pods of every namespace → db: TCP 1'],
    ],
    [
      'an exception less',
      [into(on(1, { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.2.0.0/16'] } }))],
      [into(on(1, { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }))],
      ['+ 10.2.0.0/16 → db: TCP 1'],
    ],
    [
      'a block moved',
      [into(on(1, { ipBlock: { cidr: '10.0.0.0/9' } }))],
      [into(on(1, { ipBlock: { cidr: '10.0.0.0/10' } }, { ipBlock: { cidr: '11.0.0.0/8' } }))],
      ['+ 11.0.0.0/8 → db: TCP 1', '- 10.0.0.0/9 except 10.0.0.0/10 → db: TCP 1'],
    ],
    ['everyone', [into(on(1, web))], [into(on(1, web), { ports: [{ port: 1 }] })], ['+ anything → db: TCP 1']],
    [
      'what the other side forbids all the same',
      [into(), policy('web', { egress: [], policyTypes: ['Egress'] })],
      [into(on(1, web)), policy('web', { egress: [], policyTypes: ['Egress'] })],
      [],
    ],
    [
      'egress',
      [policy('web', { policyTypes: ['Egress'], egress: [{ to: [pods('db')], ports: [{ port: 1 }] }] })],
      [policy('web', { policyTypes: ['Egress'], egress: [{ to: [pods('db')], ports: [{ port: 1 }, { port: 2 }] }] })],
      ['+ web → db: TCP 2'],
    ],
    [
      'both sides, in two ways that need each other',
      [policy('web', { policyTypes: ['Egress'] }), into()],
      [policy('web', { policyTypes: ['Egress'], egress: [{ to: [pods('db')] }] }), into(on(1, web))],
      ['+ web → db: TCP 1'],
    ],
    [
      'the one side for all, the other as before',
      [policy('web', { policyTypes: ['Egress'] }), into(on(1, web))],
      [into(on(1, web))],
      ['+ web → anything: all ports'],
    ],
    [
      'one side for all in place of the other workload',
      [policy('web', { policyTypes: ['Egress'], egress: [{ to: [pods('db')], ports: [{ port: 1 }] }] })],
      [],
      ['+ web → anything: all ports'],
    ],
    [
      'both sides, one of them for all',
      [policy('web', { policyTypes: ['Egress'] }), into()],
      [into(on(1, web))],
      ['+ web → db: TCP 1', '+ web → anything: all ports'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(changes([...tree, ...before], [...tree, ...after])).toEqual(expected);
  });
});

describe('workloads and namespaces change', () => {
  const known = into(on('http', web));

  test('a new workload', () => {
    expect(changes([app('db'), known], [...tree, known])).toEqual([
      '+ web → anything: all ports (new or gone)',
      '+ anything → web: all ports (new or gone)',
    ]);
  });

  test('a new workload that may reach one', () => {
    const out = policy('web', { policyTypes: ['Ingress', 'Egress'], egress: [{ to: [pods('db')] }] });
    expect(changes([app('db'), known], [...tree, known, out])).toEqual(['+ web → db: TCP 8080 (new or gone)']);
    expect(changes([...tree, known, out], [app('db'), known])).toEqual(['- web → db: TCP 8080 (new or gone)']);
  });

  test('a label that a selector asks for', () => {
    const other = (label: string) => app('web', { labels: { role: label } });
    const policies = [into(on(1, { podSelector: { matchLabels: { role: 'client' } } }))];
    expect(changes([other('x'), app('db'), ...policies], [other('client'), app('db'), ...policies])).toEqual(['+ web → db: TCP 1']);
  });

  test('a label of a namespace', () => {
    const policies = [into(on(1, { namespaceSelector: { matchLabels: { team: 'a' } } }))];
    expect(
      changes([...tree, namespace('shop', { team: 'b' }), ...policies], [...tree, namespace('shop', { team: 'a' }), ...policies]),
    ).toEqual(['+ db → db: TCP 1', '+ web → db: TCP 1']);
  });

  test('a namespace by its label in place of its name, where the label is known', () => {
    const known = namespace('monitoring', { team: 'ops' });
    const byLabel = into(on(1, { namespaceSelector: { matchLabels: { team: 'ops' } } }));
    expect(changes([...tree, known, into(on(1, monitoring))], [...tree, known, byLabel])).toEqual([
      '+ pods of namespaces team=ops → db: TCP 1',
    ]);
    expect(changes([...tree, into(on(1, monitoring))], [...tree, byLabel])).toEqual([
      '+ pods of namespaces team=ops → db: TCP 1',
      '- pods of namespace monitoring → db: TCP 1',
    ]);
  });

  test('a number of a named port', () => {
    const moved = app('db', { ports: [{ name: 'http', containerPort: 9090 }] });
    expect(changes([...tree, known], [app('web'), moved, known])).toEqual(['+ web → db: TCP 9090', '- web → db: TCP 8080']);
    const out = policy('web', { policyTypes: ['Egress'], egress: [{ ports: [{ port: 'http' }] }] });
    expect(changes([...tree, out], [app('web'), moved, out])).toEqual(['+ web → db: TCP 9090', '- web → db: TCP 8080']);
  });

  test('the network of the node', () => {
    const onHost = app('web', { spec: { hostNetwork: true } });
    expect(changes([...tree, known], [onHost, app('db'), known])).toEqual(['- web → db: TCP 8080']);
    expect(changes([...tree, policy('db', {})], [app('web'), app('db', { spec: { hostNetwork: true } })])).toEqual([
      '+ anything → db: all ports',
    ]);
  });
});
