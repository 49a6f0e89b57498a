import { findings, podTemplate } from './support';

const set = (changes: object = {}, template: object = podTemplate()) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'orders', namespace: 'shop' },
  spec: { replicas: 3, serviceName: 'orders', selector: { matchLabels: { 'app.kubernetes.io/name': 'app' } }, template, ...changes },
});
const claim = (metadata: object = {}) => ({ metadata: { name: 'data', ...metadata }, spec: {} });
const RETAIN = { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' } };

describe('STS-4', () => {
  test.each<[string, string]>([
    ['helm.sh/chart', 'error'],
    ['app.kubernetes.io/version', 'error'],
    ['argocd.argoproj.io/instance', 'error'],
    ['kustomize.toolkit.fluxcd.io/name', 'error'],
    ['controller-revision-hash', 'error'],
    ['example.com/config-hash', 'error'],
    ['cdk8s.io/metadata.addr', 'warning'],
  ])('the label %s in a selector or a claim template: %s', (label, severity) => {
    const changes = { selector: { matchLabels: { [label]: 'a' } }, volumeClaimTemplates: [claim({ labels: { [label]: 'a' } })] };
    expect(findings('STS-4', [set(changes)])).toMatchObject([
      { severity, field: `spec.selector.matchLabels['${label}']` },
      { severity, field: `spec.volumeClaimTemplates[0].metadata.labels['${label}']` },
    ]);
  });

  test('an annotation that changes, of a claim template', () => {
    const templates = { volumeClaimTemplates: [claim({ annotations: { 'checksum/config': 'a' } })] };
    expect(findings('STS-4', [set(templates)])).toMatchObject([
      { field: "spec.volumeClaimTemplates[0].metadata.annotations['checksum/config']" },
    ]);
  });

  test('labels that stay', () => {
    const labels = { 'app.kubernetes.io/name': 'a', 'app.kubernetes.io/instance': 'b', version: 'v1', chart: 'x', app: 'y' };
    const { chart, ...lasting } = labels;
    const of = (given: object) =>
      findings('STS-4', [set({ selector: { matchLabels: given }, volumeClaimTemplates: [claim({ labels: given })] })]);
    expect([of(lasting).length, of({ chart }).length]).toEqual([0, 2]);
  });
});

describe('STS-5: order', () => {
  const message = (changes: object, template?: object) => findings('STS-5', [set(changes, template)]).map((finding) => finding.message);
  const image = (name: string) => podTemplate({ image: name });

  test.each(['ghcr.io/zalando/spilo-17:4.0', 'tdengine/tdengine:3.3', 'etcd', 'registry:5000/bitnami/etcd@sha256:0'])('%s', (name) => {
    expect(message({}, image(name))).toEqual([expect.stringContaining('need each other to get ready')]);
    expect(message({ podManagementPolicy: 'Parallel' }, image(name))).toEqual([]);
    expect(message({ replicas: 1 }, image(name))).toEqual([]);
  });

  test.each(['mysql:8', 'prometheus/nats-exporter:1', 'example/etcd-backup:1'])('%s waits for its turn', (name) => {
    expect(message({}, image(name))).toEqual([]);
  });

  test('by the label of the pod', () => {
    const template = podTemplate() as { metadata: { labels: Record<string, string> } };
    template.metadata.labels['app.kubernetes.io/name'] = 'couchdb';
    expect(message({}, template)).toEqual([expect.stringContaining('members of couchdb')]);
  });
});

describe('STS-5: volumes', () => {
  const message = (changes: object) =>
    findings('STS-5', [set({ volumeClaimTemplates: [claim()], ...changes })]).map((finding) => finding.message);

  test.each<[string, object, string[]]>([
    ['nothing said', {}, ['it is not said whether the volumes stay when the set is deleted or gets smaller']],
    [
      'half',
      { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain' } },
      ['it is not said whether the volumes stay when the set is deleted or gets smaller'],
    ],
    [
      'Delete',
      { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' } },
      ['whenDeleted: Delete removes the volumes with their pods'],
    ],
    ['Retain', RETAIN, []],
    ['no volumes', { volumeClaimTemplates: [] }, []],
  ])('%s', (_, changes, messages) => {
    expect(message(changes)).toEqual(messages);
  });
});
