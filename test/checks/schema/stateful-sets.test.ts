import { type Changeable, found, short, statefulSet } from './support';

const container = (set: Changeable) => set.spec.template.spec.containers[0];

test('a right one has no finding, in any version', () => {
  expect(found(statefulSet())).toEqual([]);
});

/** The fourteen of the comparison in the reference: what kubernetes-models, ajv and others miss of them is caught too. */
test.each<[string, (set: Changeable) => void, string, string]>([
  [
    'an unknown field of the spec',
    (s) => {
      s.spec.replica = 3;
    },
    'SCH-1 error spec.replica',
    'write replicas',
  ],
  [
    'an unknown field of a container',
    (s) => {
      container(s).imagePullPolice = 'Always';
    },
    'SCH-1 error spec.template.spec.containers[0].imagePullPolice',
    'write imagePullPolicy',
  ],
  [
    'an unknown field of the metadata',
    (s) => {
      s.metadata.label = {};
    },
    'SCH-1 error metadata.label',
    'write labels',
  ],
  [
    'replicas as a text',
    (s) => {
      s.spec.replicas = '3';
    },
    'SCH-1 error spec.replicas',
    'write it without quotes: 3',
  ],
  [
    'replicas as a fraction',
    (s) => {
      s.spec.replicas = 1.5;
    },
    'SCH-1 error spec.replicas',
    'write a whole number',
  ],
  [
    'no selector',
    (s) => {
      s.spec.selector = undefined;
    },
    'SCH-1 error spec.selector',
    'write selector',
  ],
  [
    'no serviceName',
    (s) => {
      s.spec.serviceName = undefined;
    },
    'SCH-2 warning spec.serviceName',
    'write serviceName',
  ],
  [
    'a number as an environment value',
    (s) => {
      container(s).env[0].value = 5;
    },
    'SCH-1 error spec.template.spec.containers[0].env[0].value',
    'write it in quotes: "5"',
  ],
  [
    'a bad pull policy',
    (s) => {
      container(s).imagePullPolicy = 'Sometimes';
    },
    'SCH-1 error spec.template.spec.containers[0].imagePullPolicy',
    'write one of Always, IfNotPresent, Never',
  ],
  [
    'a bad pod management policy',
    (s) => {
      s.spec.podManagementPolicy = 'parallel';
    },
    'SCH-1 error spec.podManagementPolicy',
    'write Parallel',
  ],
  [
    '10GiB',
    (s) => {
      container(s).resources.requests.memory = '10GiB';
    },
    'SCH-1 error spec.template.spec.containers[0].resources.requests.memory',
    'write 10Gi',
  ],
  [
    'a null map',
    (s) => {
      s.spec.template.spec.nodeSelector = null;
    },
    'SCH-1 warning spec.template.spec.nodeSelector',
    'leave the field out, or write its value',
  ],
  [
    'a number as a label',
    (s) => {
      s.metadata.labels.tier = 1;
    },
    'SCH-1 error metadata.labels.tier',
    'write it in quotes: "1"',
  ],
  [
    'a bad DNS name',
    (s) => {
      s.metadata.name = 'Orders_DB';
    },
    'SCH-3 error metadata.name',
    'write orders-db',
  ],
])('%s', (_, change, is, fix) => {
  const set = statefulSet(change);
  expect(short(set)).toEqual([is]);
  expect(found(set)[0]?.fix).toBe(fix);
});

test.each<[string, (set: Changeable) => void, string, string]>([
  [
    'a field of the pod in a container',
    (s) => {
      container(s).volumes = [];
    },
    'Container has no field volumes (Kubernetes 1.27 to 1.36)',
    'move it to spec.template.spec',
  ],
  [
    'a field of the set in the pod',
    (s) => {
      s.spec.template.spec.minReadySeconds = 5;
    },
    'PodSpec has no field minReadySeconds (Kubernetes 1.27 to 1.36)',
    'move it to spec',
  ],
  [
    'a field of the pod beside it',
    (s) => {
      s.spec.template.restartPolicy = 'Always';
    },
    'PodTemplateSpec has no field restartPolicy (Kubernetes 1.27 to 1.36)',
    'move it to spec.template.spec',
  ],
  [
    'a field that is nowhere',
    (s) => {
      s.spec.zzz = 1;
    },
    'StatefulSetSpec has no field zzz (Kubernetes 1.27 to 1.36)',
    'remove it',
  ],
])('%s', (_, change, message, fix) => {
  expect(found(statefulSet(change))).toMatchObject([{ message, fix }]);
});
