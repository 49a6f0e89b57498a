import { type Changeable, found, short, statefulSet } from './support';

const core = (kind: string, fields: object) => ({ apiVersion: 'v1', kind, metadata: { name: 'a' }, ...fields });
const secret = (data: object, rest: object = {}) => core('Secret', { data, ...rest });
const pod = (change: (spec: Changeable) => void) => statefulSet((set) => change(set.spec.template.spec));
const first = (spec: Changeable) => spec.containers[0];

test.each<[unknown, boolean]>([
  ['', true],
  ['YQ==', true],
  ['YWI=', true],
  ['YWJj', true],
  ['YWJj\nYWJj\n', true],
  ['+/+/', true],
  ['hello world', false],
  ['YQ', false],
  ['YQ=', false],
  ['=Q==', false],
  ['Y=Q=', false],
  ['-_-_', false],
])('%j is base64: %s', (value, is) => {
  expect(short(secret({ password: value }))).toEqual(is ? [] : ['SCH-1 error data.password']);
});

test('what is in a Secret is not shown', () => {
  for (const password of ['hunter2!', 12345]) {
    const [finding] = found(secret({ password }));
    expect(JSON.stringify(finding)).not.toMatch(/hunter2|12345/);
  }
  expect(found(core('Secret', { stringData: { password: 12345 } }))).toMatchObject([
    { message: 'a text belongs here, not a number', fix: 'write it in quotes' },
  ]);
});

test('what is filled in later is not looked at', () => {
  const sops = { sops: { mac: 'x', version: '3.9.0' }, data: { password: 'ENC[AES256_GCM,data:abc,iv:x,tag:y,type:str]' } };
  expect(found(core('Secret', sops))).toEqual([]);
  const flux = statefulSet((set) => {
    set.spec.replicas = '${REPLICAS:=3}';
    set.spec.podManagementPolicy = '${POLICY}';
    set.metadata.name = '${NAME}-db';
    set.metadata.labels.version = '${VERSION}';
  });
  expect(found(flux)).toEqual([]);
  expect(found(flux, { gitops: ['argocd'] }).length).toBeGreaterThan(2);
  expect(
    short(
      statefulSet((set) => {
        set.spec.replicas = '${Token[TOKEN.12]}';
      }),
    ),
  ).toEqual(['SCH-1 error spec.replicas']);
});

test.each<[string, (spec: Changeable) => void, string, string]>([
  [
    'a list for an object',
    (s) => {
      first(s).resources = [];
    },
    'an object belongs here, not a list',
    'write an object',
  ],
  [
    'an object for a list',
    (s) => {
      first(s).args = { a: 1 };
    },
    'a list belongs here, not an object',
    'write a list: put a dash before the entry',
  ],
  [
    'a text for a list',
    (s) => {
      first(s).args = 'run --fast';
    },
    'a list belongs here, not the text "run --fast"',
    'write a list, each entry after a dash',
  ],
  [
    'a text for a boolean',
    (s) => {
      s.hostNetwork = 'false';
    },
    'true or false belongs here, not the text "false"',
    'write it without quotes: false',
  ],
  [
    'another for a boolean',
    (s) => {
      s.hostNetwork = 'no';
    },
    'true or false belongs here, not the text "no"',
    'write true or false',
  ],
  [
    'a boolean for a text',
    (s) => {
      first(s).env[0].value = true;
    },
    'a text belongs here, not true',
    'write it in quotes: "true"',
  ],
  [
    'a number of too many bits',
    (s) => {
      s.terminationGracePeriodSeconds = 1;
      s.priority = 2 ** 31;
    },
    '2147483648 is too large',
    'write at most 2147483647',
  ],
  [
    'a quantity with a space',
    (s) => {
      first(s).resources.requests.memory = '10 Gi';
    },
    '"10 Gi" is not a quantity',
    'write 10Gi',
  ],
  [
    'no quantity',
    (s) => {
      first(s).resources.requests.cpu = 'much';
    },
    '"much" is not a quantity',
    'write a number and a unit: 500m, 2, 1Gi',
  ],
  [
    'no quantity at all',
    (s) => {
      first(s).resources.requests.cpu = true;
    },
    'a quantity belongs here, not true',
    'write a quantity',
  ],
  [
    'an object for a port',
    (s) => {
      first(s).livenessProbe = { tcpSocket: { port: {} } };
    },
    'a whole number or a text belongs here, not an object',
    'write a whole number or a text',
  ],
  [
    'a value that no list of the definitions has',
    (s) => {
      s.affinity = {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'a', labelSelector: { matchExpressions: [{ key: 'a', operator: 'in' }] } },
          ],
        },
      };
    },
    '"in" is none of DoesNotExist, Exists, In, NotIn',
    'write In',
  ],
  [
    'a long text',
    (s) => {
      s.dnsPolicy = 'x'.repeat(100);
    },
    `"${'x'.repeat(57)}…" is none of ClusterFirst, ClusterFirstWithHostNet, Default, None`,
    'write one of ClusterFirst, ClusterFirstWithHostNet, Default, None',
  ],
])('%s', (_, change, message, fix) => {
  expect(found(pod(change))).toMatchObject([{ rule: 'SCH-1', severity: 'error', message, fix }]);
});

test.each<[string, (spec: Changeable) => void]>([
  [
    'numbers as quantities',
    (s) => {
      first(s).resources.requests = { cpu: 0.5, memory: 1073741824 };
    },
  ],
  [
    'an empty text where there is a list of values',
    (s) => {
      s.dnsPolicy = '';
      first(s).imagePullPolicy = '';
    },
  ],
  [
    'a percentage',
    (s) => {
      first(s).livenessProbe = { httpGet: { port: 'http' } };
    },
  ],
  [
    'fields that are undefined',
    (s) => {
      s.nodeSelector = undefined;
    },
  ],
  [
    'nulls that mean nothing',
    (s) => {
      s.containers[0].lifecycle = undefined;
    },
  ],
])('%s are well', (_, change) => {
  expect(found(pod(change))).toEqual([]);
});

test('nulls are one finding an object, and none where Helm and Go print them', () => {
  expect(
    short(
      pod((s) => {
        s.tolerations = null;
        s.affinity = null;
        first(s).args = [null];
      }),
    ),
  ).toEqual(['SCH-1 warning spec.template.spec.containers[0].args[0]']);
  expect(
    found(
      statefulSet((s) => {
        s.metadata.annotations = null;
        s.spec.template.metadata.creationTimestamp = null;
      }),
    ),
  ).toEqual([]);
});

test('null where something must be', () => {
  expect(
    short(
      statefulSet((s) => {
        s.spec.selector = null;
      }),
    ),
  ).toEqual(['SCH-1 error spec.selector']);
  expect(
    short(
      pod((s) => {
        first(s).env = [null];
      }),
    ),
  ).toContain('SCH-1 error spec.template.spec.containers[0].env[0].name');
});

test('lists of values that the definitions lack', () => {
  const claim = (change: object) => core('PersistentVolumeClaim', { spec: { accessModes: ['ReadWriteOnce'], ...change } });
  expect(found(claim({}))).toEqual([]);
  expect(found(claim({ accessModes: ['ReadWriteOnce', 'readWriteMany'] }))).toMatchObject([
    { field: 'spec.accessModes[1]', fix: 'write ReadWriteMany' },
  ]);
  const retention = (whenDeleted: string) =>
    statefulSet((s) => {
      s.spec.persistentVolumeClaimRetentionPolicy = { whenDeleted };
    });
  expect([found(retention('Retain')), short(retention('Keep'))]).toEqual([
    [],
    ['SCH-1 error spec.persistentVolumeClaimRetentionPolicy.whenDeleted'],
  ]);
});

test('points in time', () => {
  const lease = (renewTime: string) => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'a' },
    spec: { renewTime },
  });
  expect([short(lease('2026-01-02T15:04:05.000000Z')), short(lease('2026-01-02T15:04:05+01:00')), short(lease('2026-01-02'))]).toEqual([
    [],
    [],
    ['SCH-1 error spec.renewTime'],
  ]);
});

test('what the API server fills in is open: status, managed fields', () => {
  const exported = statefulSet((s) => {
    s.status = { replicas: 3, anything: true };
    s.metadata.managedFields = [{ manager: 'kubectl', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }];
  });
  expect(found(exported)).toEqual([]);
});
