import { ApiObject, Testing } from 'cdk8s';
import { type CheckOptions, checkManifests, suppress, suppressionAnnotations } from '../../lib/checks';
import { OTHER_CHECKS } from '../../lib/checks/other-tools';
import { RULES } from '../../lib/checks/rules';
import { RULE_IDS } from '../../lib/checks/rules/ids';
import { deployment } from './support';

const WRITES = { securityContext: { readOnlyRootFilesystem: false } };
const ours = ['SEC-2', 'SUP-1'];
const found = (annotations: object, container: object = WRITES, options: CheckOptions = {}) => {
  const object = deployment(container, {}, { metadata: { name: 'app', namespace: 'shop', annotations } });
  return checkManifests([object], options).filter(({ rule }) => ours.includes(rule));
};

test('a rule is taken off an object by a reason', () => {
  expect(found({})).toMatchObject([{ rule: 'SEC-2' }]);
  expect(found({ 'cdk8s-stateful/ignore-SEC-2': 'it unpacks itself at the start' })).toEqual([]);
});

test.each(['', '  '])('SUP-1: %j is no reason, and the finding stays', (reason) => {
  const field = "metadata.annotations['cdk8s-stateful/ignore-SEC-2']";
  const message = 'it gives no reason for ignoring SEC-2, and is not heeded';
  expect(found({ 'cdk8s-stateful/ignore-SEC-2': reason })).toMatchObject([
    { rule: 'SUP-1', severity: 'error', field, message },
    { rule: 'SEC-2', severity: 'warning' },
  ]);
});

test.each([
  ['SEC-99', 'name one of SEC-1, SEC-2, SEC-3, SEC-4, SEC-5, SEC-6, or remove the annotation'],
  ['sec-2', 'name one of SEC-1, SEC-2, SEC-3, SEC-4, SEC-5, SEC-6, or remove the annotation'],
  ['everything', 'name one of SCH-…, REF-…, SEC-…, RES-…, HA-…, STS-…, GIT-…, REV-…, SUP-…, or remove the annotation'],
])('SUP-1: there is no rule %s', (rule, fix) => {
  expect(found({ [`cdk8s-stateful/ignore-${rule}`]: 'because' }, {})).toMatchObject([
    { rule: 'SUP-1', severity: 'error', message: `there is no rule ${rule}`, fix },
  ]);
});

describe('SUP-1: a suppression of nothing', () => {
  const ANNOTATION = { 'cdk8s-stateful/ignore-SEC-2': 'it unpacks itself at the start' };

  test('is a warning', () => {
    expect(found(ANNOTATION, {})).toMatchObject([{ rule: 'SUP-1', severity: 'warning', message: 'nothing is found that SEC-2 would say' }]);
  });

  test.each<[string, object, CheckOptions]>([
    ['of a rule that is off', ANNOTATION, { severities: { 'SEC-2': 'off' } }],
    ['of a rule about a tool that does not apply it', { 'cdk8s-stateful/ignore-GIT-5': 'it is for Flux' }, { gitops: ['argocd'] }],
    ['of a rule that compares two trees', { 'cdk8s-stateful/ignore-STS-1': 'the set is deleted by hand' }, {}],
    ['that is off itself', ANNOTATION, { severities: { 'SUP-1': 'off' } }],
  ])('%s is not judged', (_, annotations, options) => {
    expect(found(annotations, {}, options)).toEqual([]);
  });
});

test('every rule can be named', () => {
  expect(RULES.map(({ id }) => id).filter((id) => !RULE_IDS.has(id))).toEqual([]);
  expect(Object.keys(OTHER_CHECKS).filter((id) => !RULE_IDS.has(id))).toEqual([]);
});

describe('suppress', () => {
  const object = (annotations: Record<string, string> = {}) =>
    new ApiObject(Testing.chart(), 'a', { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a', annotations } });

  test('says so to the other tools too, and keeps what is there', () => {
    const given = object({ 'kube-score/ignore': 'pod-probes', 'checkov.io/skip7': 'CKV_K8S_14', own: 'x' });
    suppress(given, 'SEC-2', ' it unpacks itself: a=b ');
    expect(given.toJson().metadata.annotations).toEqual({
      own: 'x',
      'cdk8s-stateful/ignore-SEC-2': 'it unpacks itself: a=b',
      'ignore-check.kube-linter.io/no-read-only-root-fs': 'it unpacks itself: a=b',
      'kube-score/ignore': 'pod-probes,container-security-context-readonlyrootfilesystem',
      'polaris.fairwinds.com/notReadOnlyRootFilesystem-exempt': 'true',
      'checkov.io/skip7': 'CKV_K8S_14',
      'checkov.io/skip8': 'CKV_K8S_22=it unpacks itself: a:b',
    });
  });

  test('twice is once, and two rules are both', () => {
    const given = object();
    suppress(given, 'SEC-2', 'a');
    suppress(given, 'SEC-2', 'a');
    suppress(given, 'SEC-6', 'b');
    const annotations = given.toJson().metadata.annotations;
    expect(Object.keys(annotations).filter((key) => key.startsWith('checkov.io'))).toEqual([
      'checkov.io/skip1',
      'checkov.io/skip2',
      'checkov.io/skip3',
    ]);
    expect(annotations['kube-score/ignore']).toBe('container-security-context-readonlyrootfilesystem,container-image-tag');
  });

  test('of a rule that no other tool has', () => {
    expect(suppressionAnnotations('GIT-2', 'it holds a cache')).toEqual({ 'cdk8s-stateful/ignore-GIT-2': 'it holds a cache' });
  });

  test('names what is wrong', () => {
    expect(() => suppress(object(), 'SEC-99', 'a')).toThrow('the rule is "SEC-99", but must be one of SCH-1, ');
    expect(() => suppress(object(), 'SEC-2', ' ')).toThrow(
      'the reason for ignoring SEC-2 is empty, but must be a sentence that a reviewer can judge',
    );
  });
});
