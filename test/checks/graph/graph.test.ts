import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { app, inNamespace, pods, policy } from '../connections/support';
import { drawn, edges, node, object, picture, service } from './support';

const env = (...values: [string, string][]) => ({ containers: [{ name: 'main', env: values.map(([name, value]) => ({ name, value })) }] });
const db = service('db', { selector: { app: 'db' } });
const golden = (name: string) =>
  parseAllDocuments(readFileSync(join(__dirname, `../../golden/ha-postgres.${name}.yaml`), 'utf8')).map((document) => document.toJS());

describe('workloads', () => {
  const workload = (kind: string, spec: object, apiVersion = 'apps/v1') =>
    object(kind, 'x', { spec: { template: { spec: {} }, ...spec } }, apiVersion);

  test.each<[object, string]>([
    [workload('Deployment', { replicas: 2 }), 'deployment_shop_x["Deployment x ×2"]:::workload'],
    [workload('Deployment', { replicas: 1 }), 'deployment_shop_x["Deployment x"]:::workload'],
    [workload('Deployment', { replicas: 0 }), 'deployment_shop_x["Deployment x ×0"]:::workload'],
    [workload('StatefulSet', {}), 'statefulset_shop_x["StatefulSet x"]:::workload'],
    [workload('DaemonSet', {}), 'daemonset_shop_x["DaemonSet x on each node"]:::workload'],
    [workload('Job', {}, 'batch/v1'), 'job_shop_x["Job x"]:::workload'],
    [
      object('CronJob', 'x', { spec: { schedule: '0 3 1 1 1', jobTemplate: { spec: { template: {} } } } }, 'batch/v1'),
      'cronjob_shop_x["CronJob x at 0 3 1 1 1"]:::workload',
    ],
    [object('Pod', 'x'), 'pod_shop_x["Pod x"]:::workload'],
  ])('%j', (made, line) => {
    expect(drawn([made])).toContain(line);
  });

  test.each<[string, object[], string]>([
    ['no policy for it, but for others', [policy('other', {})], 'deployment_shop_db["Deployment db<br/>no NetworkPolicy"]:::open'],
    ['none for what goes out', [policy('db', {})], 'deployment_shop_db["Deployment db<br/>may reach anything"]:::open'],
    [
      'none for what comes in',
      [policy('db', { policyTypes: ['Egress'] })],
      'deployment_shop_db["Deployment db<br/>open to anything"]:::open',
    ],
    ['both', [policy('db', { policyTypes: ['Ingress', 'Egress'] })], 'deployment_shop_db["Deployment db"]:::workload'],
    [
      'what goes to DNS and the API server',
      [
        policy('db', {
          policyTypes: ['Ingress', 'Egress'],
          egress: [{ ports: [{ port: 53 }, { port: 53, protocol: 'UDP' }] }, { ports: [{ port: 443 }, { port: 6443 }] }],
        }),
      ],
      'deployment_shop_db["Deployment db<br/>API server: TCP 443, 6443 of any address"]:::workload',
    ],
    [
      'among themselves',
      [
        policy('db', {
          policyTypes: ['Ingress', 'Egress'],
          ingress: [{ from: [pods('db')], ports: [{ port: 1 }] }],
          egress: [{ to: [pods('db')] }],
        }),
      ],
      'deployment_shop_db["Deployment db<br/>among its pods: TCP 1"]:::workload',
    ],
  ])('say what no arrow says: %s', (_, policies, line) => {
    expect(drawn([app('db'), ...policies])).toContain(line);
  });

  test('without any policy, one note says so', () => {
    expect(drawn([app('db')])).toContain('note>"no NetworkPolicy, so that everything may talk to everything"]:::note');
    expect(picture([])).not.toContain('note');
  });

  test('jobs that do the same are drawn as one, other workloads are not', () => {
    const job = (name: string, schedule: string) => {
      const template = { metadata: { labels: { app: 'job' } }, spec: {} };
      return object('CronJob', name, { spec: { schedule, jobTemplate: { spec: { template } } } }, 'batch/v1');
    };
    const web = (name: string) => app(name, { labels: { app: 'job' } });
    const objects = [
      job('a', '1 1 1 1 1'),
      job('b', '2 2 2 2 2'),
      web('c'),
      web('d'),
      app('db'),
      policy('db', { ingress: [{ from: [pods('job')] }] }),
    ];
    expect(node(objects, 'cronjob_shop_a')).toContain('CronJob a at 1 1 1 1 1<br/>CronJob b at 2 2 2 2 2');
    expect(edges(objects)).toEqual(['a ==>|"all ports"| db', 'c ==>|"all ports"| db', 'd ==>|"all ports"| db']);
  });
});

describe('who may talk to whom', () => {
  const allowed = (from: object, ports: unknown[] = [{ port: 8080 }]) => policy('db', { ingress: [{ from: [from], ports }] });
  const second = service('db-again', { selector: { app: 'db' } });
  const tree = [app('web'), app('db')];

  test.each<[string, object[], string[]]>([
    ['to the pods', [...tree, allowed(pods('web'))], ['web ==>|"TCP 8080"| db']],
    ['by the only Service', [...tree, db, allowed(pods('web'))], ['web ==>|"TCP 80"| db', 'db --> db']],
    ['not by a Service of another port', [...tree, db, allowed(pods('web'), [{ port: 1 }])], ['web ==>|"TCP 1"| db', 'db --> db']],
    [
      'by the Service, and to the pods on other ports',
      [...tree, db, allowed(pods('web'), [{ port: 8080 }, { port: 1 }])],
      ['web ==>|"TCP 1"| db', 'web ==>|"TCP 80"| db', 'db --> db'],
    ],
    [
      'by the only Service, on all ports',
      [...tree, db, policy('db', { ingress: [{ from: [pods('web')] }] })],
      ['web ==>|"all ports"| db', 'db --> db'],
    ],
    [
      'by one of two Services, nobody knows which',
      [...tree, db, second, allowed(pods('web'))],
      ['web ==>|"TCP 8080"| db', 'db --> db', 'db_again --> db'],
    ],
    [
      'by the one of two Services that its settings name',
      [app('web', { spec: env(['DB_HOST', 'db']) }), app('db'), db, second, allowed(pods('web'))],
      ['web ==>|"TCP 80"| db', 'db --> db', 'db_again --> db'],
    ],
    [
      'where no policy is about it, to what its settings name',
      [app('web', { spec: env(['DB_HOST', 'db']) }), app('db'), db],
      ['web ==>|"TCP 80"| db', 'db --> db'],
    ],
    ['not where a policy forbids it', [app('web', { spec: env(['DB_HOST', 'db']) }), app('db'), db, policy('db', {})], ['db --> db']],
    [
      'from outside',
      [app('db'), db, allowed(pods('web', inNamespace('till')))],
      ['from_pods_app_web_of_namespace_till ==>|"TCP 80"| db', 'db --> db'],
    ],
    ['from everywhere', [app('db'), policy('db', { ingress: [{ ports: [{ port: 1 }] }] })], ['from_anything ==>|"TCP 1"| db']],
    [
      'to addresses, but not DNS',
      [
        app('db'),
        policy('db', {
          policyTypes: ['Egress'],
          egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{ port: 53 }, { port: 443 }] }],
        }),
      ],
      ['db ==>|"TCP 443"| to_10_0_0_0_8'],
    ],
    [
      'to everything, beyond the API server',
      [app('db'), policy('db', { policyTypes: ['Egress'], egress: [{ ports: [{ port: 443 }, { port: 6443 }, { port: 25 }] }] })],
      ['db ==>|"TCP 25"| to_anything'],
    ],
    [
      'to everything on 443, which is no API server alone',
      [app('db'), policy('db', { policyTypes: ['Egress'], egress: [{ ports: [{ port: 443 }] }] })],
      ['db ==>|"TCP 443"| to_anything'],
    ],
    [
      'to all ports, DNS among them',
      [app('db'), policy('db', { policyTypes: ['Egress'], egress: [{}] })],
      ['db ==>|"all ports"| to_anything'],
    ],
    [
      'to a range of ports, DNS among them',
      [app('db'), policy('db', { policyTypes: ['Egress'], egress: [{ ports: [{ port: 1, endPort: 100 }] }] })],
      ['db ==>|"TCP 1-100"| to_anything'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(edges(objects)).toEqual(expected);
  });

  test.each<[string, [string, string], boolean]>([
    ['a variable for a host', ['PGHOST', 'db'], true],
    ['a variable for something else', ['PGUSER', 'db'], false],
    ['a URL', ['URL', 'postgres://user:secret@db:5432/db'], true],
    ['a URL without a user', ['URL', 'http://db/path'], true],
    ['a host with a port', ['X', 'a,db:80'], true],
    ['a connection string', ['X', 'user=x host=db'], true],
    ['a word', ['X', 'the db here'], false],
    ['a full name', ['X', 'db.shop.svc.cluster.local'], true],
    ['a name with its namespace', ['X', 'db.shop'], true],
    ['a pod of it', ['X', 'db-0.db.shop.svc'], true],
    ['another namespace', ['X', 'db.till.svc'], false],
    ['another name', ['X', 'old-db.shop.svc'], false],
  ])('a host is found in %s', (_, variable, is) => {
    expect(edges([app('web', { spec: env(variable) }), app('db'), db]).includes('web ==>|"TCP 80"| db')).toBe(is);
  });

  test('a short name is one of its own namespace', () => {
    const web = app('web', { namespace: 'till', spec: env(['DB_HOST', 'db']) });
    expect(edges([web, app('db'), db])).toEqual(['db --> db']);
  });

  test('what a policy says of a pair is not said again for a name in the settings', () => {
    const web = app('web', { spec: env(['DB_HOST', 'db']) });
    expect(edges([web, app('db'), db, policy('db', { ingress: [{ from: [pods('web')] }] })])).toEqual([
      'web ==>|"all ports"| db',
      'db --> db',
    ]);
  });

  test('a host is found in arguments and in ConfigMaps that the pod uses', () => {
    const config = object('ConfigMap', 'settings', { data: { 'app.ini': '[db]\nhost = db\nport = 80' } });
    const volumes = [{ name: 'x', configMap: { name: 'settings' } }];
    expect(edges([app('web', { spec: { volumes } }), config, app('db'), db])).toContain('web ==>|"TCP 80"| db');
    expect(edges([app('web', { spec: { containers: [{ args: ['--url=http://db:80'] }] } }), app('db'), db])).toContain(
      'web ==>|"TCP 80"| db',
    );
    expect(edges([app('web'), config, app('db'), db])).toEqual(['db --> db']);
  });
});

describe('Services', () => {
  const set = (labels: object) => {
    const template = { metadata: { labels: { ...labels, version: '1' } }, spec: { containers: [] } };
    return object('StatefulSet', 'x', { spec: { selector: { matchLabels: labels }, template } }, 'apps/v1');
  };

  test.each<[string, object, object, string[]]>([
    ['lead to the pods that they select', { selector: { app: 'x' } }, {}, ['s --> x']],
    ['and to no others', { selector: { app: 'y' } }, {}, []],
    ['with a label that pods get while they run', { selector: { app: 'x', role: 'primary' } }, {}, ['s -->|"role=primary"| x']],
    ['but not where a label of the template differs', { selector: { app: 'x', version: '2' } }, {}, []],
    ['nor where the workload’s own selector is not in it', { selector: { version: '1', role: 'primary' } }, {}, []],
    ['without a selector, to those with their labels', {}, { app: 'x' }, ['s -.->|"no selector"| x']],
    ['without a selector and such labels, to nothing', {}, { app: 'y' }, []],
  ])('%s', (_, spec, labels, expected) => {
    expect(edges([set({ app: 'x' }), service('s', spec, labels)])).toEqual(expected);
  });

  test.each<[object, string | undefined]>([
    [{ selector: { app: 'x' } }, 'Service s<br/>80'],
    [{ selector: { app: 'x' }, clusterIP: 'None', type: 'ClusterIP' }, 'Service s (headless)<br/>80'],
    [{ selector: { app: 'x' }, type: 'LoadBalancer', ports: [{ port: 443, targetPort: 8443 }] }, 'Service s (LoadBalancer)<br/>443 → 8443'],
    [{ ports: [{ port: 53, protocol: 'UDP' }, { port: 53 }] }, 'Service s<br/>53/UDP, 53'],
    [{ type: 'ExternalName', externalName: 'db.example.com', ports: [] }, 'Service s (ExternalName)<br/>db.example.com'],
    [{ ports: [] }, undefined],
    [{ selector: { app: 'x' }, ports: [] }, 'Service s'],
  ])('%j is drawn as %s', (spec, text) => {
    expect(node([service('s', spec)], 'service_shop_s')).toBe(text && `service_shop_s(["${text}"]):::service`);
  });
});

describe('ways in', () => {
  test('an Ingress leads to its Services', () => {
    const backend = { service: { name: 'db', port: { number: 80 } } };
    const spec = {
      defaultBackend: backend,
      rules: [{ host: 'db.example.com', http: { paths: [{ backend }, { backend: { service: { name: 'none' } } }] } }],
    };
    const objects = [app('db'), db, object('Ingress', 'in', { spec }, 'networking.k8s.io/v1')];
    expect(edges(objects)).toEqual(['in -->|"80"| db', 'db --> db']);
    expect(node(objects, 'ingress_shop_in')).toBe('ingress_shop_in[/"Ingress in<br/>db.example.com"/]:::route');
  });

  test('so does a route of the Gateway API, also to another namespace', () => {
    const rules = [
      {
        backendRefs: [
          { name: 'db', namespace: 'shop', port: 80 },
          { name: 'db', namespace: 'shop', kind: 'Bucket', port: 1 },
        ],
      },
    ];
    const route = object('HTTPRoute', 'in', { spec: { hostnames: ['a.example.com'], rules } }, 'gateway.networking.k8s.io/v1', 'gateways');
    const objects = [app('db'), db, route];
    expect(edges(objects)).toEqual(['httproute_gateways_in -->|"80"| db', 'db --> db']);
    expect(node(objects, 'httproute_gateways_in')).toBe('httproute_gateways_in[/"HTTPRoute in<br/>a.example.com"/]:::route');
  });
});

describe('volumes and Secrets', () => {
  const volume = (source: object) => [app('db', { spec: { volumes: [{ name: 'v', ...source }] } })];
  const claim = { spec: { resources: { requests: { storage: '5Gi' } } } };

  test.each<[object[], string[]]>([
    [volume({ persistentVolumeClaim: { claimName: 'data' } }), ['volume_shop_data[("claim data")]:::volume']],
    [
      [...volume({ persistentVolumeClaim: { claimName: 'data' } }), object('PersistentVolumeClaim', 'data', claim)],
      ['volume_shop_data[("claim data 5Gi")]:::volume'],
    ],
    [volume({ hostPath: { path: '/var/lib' } }), ['volume_shop_v[("/var/lib of the node")]:::volume']],
    [volume({ nfs: { server: 'nfs.example', path: '/a' } }), ['volume_shop_v[("NFS nfs.example /a")]:::volume']],
    [volume({ ephemeral: { volumeClaimTemplate: claim } }), ['volume_shop_v[("claim v 5Gi, deleted with its pod")]:::volume']],
    [volume({ csi: { driver: 'secrets.example.com' } }), ['volume_shop_v[("v of secrets.example.com")]:::volume']],
    [volume({ emptyDir: {} }), []],
    [volume({ configMap: { name: 'x' } }), []],
  ])('%j', (objects, expected) => {
    expect(drawn(objects).filter((line) => line.includes('):::volume') || line.includes(']:::volume'))).toEqual(expected);
  });

  const secrets = (name: string, ...used: string[]) =>
    app(name, { spec: { volumes: used.map((secretName) => ({ name: secretName, secret: { secretName } })) } });

  test('those that the same workloads use are one node, the others one each', () => {
    const objects = [secrets('a', 'x', 'y', 'z'), secrets('b', 'y', 'x')];
    expect(drawn(objects).filter((line) => line.includes(':::secret'))).toEqual([
      'secret_shop_x{{"Secrets<br/>x (not among these files)<br/>y (not among these files)"}}:::secret',
      'secret_shop_z{{"Secret<br/>z (not among these files)"}}:::secret',
    ]);
    expect(edges(objects)).toEqual(['a -.- x', 'a -.- z', 'b -.- x']);
  });

  test.each<[string, object, string]>([
    ['itself', object('Secret', 'x'), 'x'],
    ['an ExternalSecret of its name', object('ExternalSecret', 'x', { spec: {} }, 'external-secrets.io/v1'), 'x (ExternalSecret)'],
    [
      'an ExternalSecret of another name',
      object('ExternalSecret', 'e', { spec: { target: { name: 'x' } } }, 'external-secrets.io/v1'),
      'x (ExternalSecret e)',
    ],
    ['a Certificate', object('Certificate', 'c', { spec: { secretName: 'x' } }, 'cert-manager.io/v1'), 'x (Certificate c)'],
    [
      'an ExternalSecret in another namespace',
      object('ExternalSecret', 'x', {}, 'external-secrets.io/v1', 'till'),
      'x (not among these files)',
    ],
    ['one in another namespace', object('Secret', 'x', {}, 'v1', 'till'), 'x (not among these files)'],
  ])('a Secret is said to come from %s', (_, maker, text) => {
    expect(node([secrets('a', 'x'), maker], 'secret_shop_x')).toBe(`secret_shop_x{{"Secret<br/>${text}"}}:::secret`);
  });

  test('what one workload uses twice it uses once', () => {
    const claims = ['x', 'x', 'y'].map((claimName) => ({ persistentVolumeClaim: { claimName } }));
    expect(edges([app('a', { spec: { volumes: claims } })])).toEqual(['a --- x']);
  });

  test('a Secret for pulling images is not drawn', () => {
    expect(picture([app('a', { spec: { imagePullSecrets: [{ name: 'pull' }] } })])).not.toContain('pull');
  });
});

describe('the picture as a whole', () => {
  test('frames: namespaces, and instances where a namespace has several', () => {
    const labelled = (name: string, instance: string, namespace: string) =>
      app(name, { namespace, labels: { 'app.kubernetes.io/instance': instance } });
    const objects = [
      labelled('a', 'one', 'x'),
      labelled('b', 'one', 'x'),
      labelled('c', 'two', 'x'),
      labelled('d', 'one', 'y'),
      labelled('e', 'one', 'y'),
    ];
    const frames = picture(objects)
      .split('\n')
      .filter((line) => /subgraph|end$|\["Dep/.test(line));
    expect(frames).toEqual([
      '  subgraph namespace_x["namespace x"]',
      '    subgraph instance_x_one["instance one"]',
      '      deployment_x_a["Deployment a"]:::workload',
      '      deployment_x_b["Deployment b"]:::workload',
      '    end',
      '    deployment_x_c["Deployment c"]:::workload',
      '  end',
      '  subgraph namespace_y["namespace y"]',
      '    deployment_y_d["Deployment d"]:::workload',
      '    deployment_y_e["Deployment e"]:::workload',
      '  end',
    ]);
  });

  test.each(['default', 'everything', 'adopted', 'upgrading'])('does not depend on the order of the objects: %s', (name) => {
    const objects = golden(name);
    const expected = picture(objects);
    fc.assert(
      fc.property(fc.shuffledSubarray(objects, { minLength: objects.length }), (shuffled) => picture(shuffled) === expected),
      { numRuns: 10 },
    );
  });

  test('nor do ids of names that are alike', () => {
    const objects = [app('a-b'), app('a.b'), app('a_b')];
    expect(picture([...objects].reverse())).toBe(picture(objects));
  });

  test('one object more leaves the lines of the others as they are', () => {
    const objects = golden('everything');
    const more = drawn([...objects, app('a-new-one'), service('a-new-service', {})]);
    expect(drawn(objects).filter((line) => !more.includes(line))).toEqual([]);
  });

  test('policies that are not understood are in a comment', () => {
    expect(picture([object('CiliumNetworkPolicy', 'x', {}, 'cilium.io/v2')])).toContain('%% CiliumNetworkPolicy shop/x is not understood');
  });

  test('of more than 60 things only workloads and connections are drawn, of four times as many only namespaces', () => {
    const pairs = (count: number) =>
      Array.from({ length: count }, (_, i) => [
        app(`web-${i}`, { spec: env(['DB_HOST', `db-${i}`]) }),
        app(`db-${i}`),
        service(`db-${i}`, { selector: { app: `db-${i}` } }),
        policy(`db-${i}`, { ingress: [{ from: [pods(`web-${i}`), pods('x', inNamespace('till'))], ports: [{ port: 8080 }] }] }),
      ]).flat();
    expect(picture(pairs(19))).toContain(':::service');
    const some = picture(pairs(21));
    expect(some).toContain('%% 64 things are too many for one picture: only workloads and connections are drawn');
    expect(some).not.toContain(':::service');
    expect(edges(pairs(21))).toContain('web_0 ==>|"TCP 8080"| db_0');
    expect(drawn([...pairs(130), app('x', { namespace: 'till' })])).toEqual([
      'in_shop["namespace shop<br/>260 workloads"]:::workload',
      'in_till["namespace till<br/>1 workload"]:::workload',
      'in_till ==> in_shop',
    ]);
  });
});
