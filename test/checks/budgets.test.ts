import { autoscaler, budget, labels, object } from './objects';
import { deployment, findings } from './support';

const found = (...objects: object[]) => findings('REF-5', objects);
const replicas = (count: unknown) => {
  const base = deployment() as { spec: object };
  return { ...base, spec: { ...base.spec, replicas: count } };
};

describe('REF-5: a budget that lets no pod go', () => {
  test.each<[number, object, string]>([
    [3, { maxUnavailable: 0 }, 'maxUnavailable: 0'],
    [3, { maxUnavailable: '0%' }, 'maxUnavailable: 0%'],
    [3, { maxUnavailable: undefined, minAvailable: 3 }, 'minAvailable: 3'],
    [3, { maxUnavailable: undefined, minAvailable: '100%' }, 'minAvailable: 100%'],
    [3, { maxUnavailable: undefined, minAvailable: '70%' }, 'minAvailable: 70%'], // 2.1, rounded up
    [1, { maxUnavailable: undefined, minAvailable: 1 }, 'minAvailable: 1'],
  ])('of %i: %j', (count, spec, limit) => {
    expect(found(replicas(count), budget('b', spec))).toMatchObject([
      { severity: 'error', object: 'PodDisruptionBudget shop/b', message: expect.stringContaining(`never lets one go (${limit})`) },
    ]);
  });

  test('of one replica protects nothing', () => {
    expect(found(replicas(1), budget('b'))).toMatchObject([{ severity: 'warning', message: expect.stringContaining('protects nothing') }]);
  });

  test.each<[string, object[]]>([
    ['one of three', [replicas(3), budget('b')]],
    ['a share, rounded up', [replicas(3), budget('b', { maxUnavailable: '10%' })]],
    ['two of three stay', [replicas(3), budget('b', { maxUnavailable: undefined, minAvailable: '50%' })]],
    ['none run', [replicas(0), budget('b', { maxUnavailable: 0 })]],
    [
      'up to five run',
      [replicas(undefined), budget('b', { maxUnavailable: undefined, minAvailable: 2 }), autoscaler({ minReplicas: 1, maxReplicas: 5 })],
    ],
    [
      'KEDA decides',
      [
        replicas(1),
        budget('b', { maxUnavailable: 0 }),
        object('keda.sh/v1alpha1', 'ScaledObject', 's', { spec: { scaleTargetRef: { name: 'app' } } }),
      ],
    ],
    ['one on every node', [{ ...deployment(), kind: 'DaemonSet' }, budget('b', { maxUnavailable: 0 })]],
    ['only while a label is set', [replicas(3), budget('b', { maxUnavailable: 0, selector: { matchLabels: { ...labels, busy: 'yes' } } })]],
  ])('%s: well', (_, objects) => {
    expect(found(...objects)).toEqual([]);
  });

  test('an autoscaler may leave one only', () => {
    expect(
      found(replicas(undefined), budget('b', { maxUnavailable: undefined, minAvailable: 5 }), autoscaler({ maxReplicas: 5 })),
    ).toHaveLength(1);
  });
});

describe('REF-5: two budgets for one pod', () => {
  const anywhere = { ...replicas(3), metadata: { name: 'app' } };
  const busy = (operator: string) => ({ selector: { matchLabels: labels, matchExpressions: [{ key: 'busy', operator }] } });
  const whileBusy = budget('b', { maxUnavailable: 0, selector: { matchLabels: { ...labels, busy: 'yes' } } });

  test('always', () => {
    expect(found(replicas(3), budget('a'), budget('b', { selector: { matchLabels: { 'app.kubernetes.io/name': 'app' } } }))).toMatchObject([
      { severity: 'error', object: 'PodDisruptionBudget shop/b', message: expect.stringContaining('PodDisruptionBudget shop/a') },
    ]);
  });

  test('while a label is set', () => {
    expect(found(replicas(3), budget('a'), whileBusy)).toMatchObject([
      { severity: 'warning', message: expect.stringContaining('once they get its labels') },
    ]);
  });

  test.each<[string, object[]]>([
    ['each for its own time', [budget('a', busy('DoesNotExist')), whileBusy]],
    ['each for its own pods', [budget('a'), budget('b', { selector: { matchLabels: { app: 'other' } } })]],
    ['each in its own namespace', [budget('a'), { ...budget('a'), metadata: { name: 'a', namespace: 'till' } }]],
  ])('%s: well', (_, budgets) => {
    expect(found(replicas(3), ...budgets)).toEqual([]);
    expect(found(anywhere, ...budgets)).toEqual([]);
  });
});
