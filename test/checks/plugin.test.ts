import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManifestValidation, type ManifestValidationOptions } from '../../lib/checks';
import type { Violation } from '../../lib/checks/plugin';
import { RULES } from '../../lib/checks/rules';
import { deployment } from './support';

const folder = mkdtempSync(join(tmpdir(), 'plugin-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Only SEC-6 runs: what the other rules say of these objects is theirs to test. */
const severities = Object.fromEntries(RULES.filter(({ id }) => id !== 'SEC-6').map(({ id }) => [id, 'off' as const]));

async function validated(content: string | object[], options: ManifestValidationOptions = {}) {
  const file = join(folder, 'shop.k8s.yaml');
  writeFileSync(file, typeof content === 'string' ? content : content.map((object) => JSON.stringify(object)).join('\n---\n'));
  const violations: Violation[] = [];
  let submitted: unknown[] = [];
  const report = { addViolation: (violation: Violation) => violations.push(violation), submit: (...all: unknown[]) => (submitted = all) };
  await new ManifestValidation({ severities, ...options }).validate({ manifests: [file], report });
  return { violations, submitted, file };
}

test('what is said of several containers is one violation, with its places', async () => {
  const containers = [
    { name: 'a', image: 'app' },
    { name: 'b', image: 'app' },
  ];
  const { violations, submitted, file } = await validated([deployment({}, { containers })]);
  const resource = { resourceName: 'app', manifestPath: file };
  expect(violations).toEqual([
    {
      ruleName: 'SEC-6',
      recommendation: 'app is whatever the registry has today',
      fix: expect.any(String),
      violatingResources: [0, 1].map((i) => ({
        ...resource,
        locations: [`Deployment shop/app spec.template.spec.containers[${i}].image`],
      })),
    },
  ]);
  expect(submitted).toEqual(['failure', { Objects: '1', Errors: '2', Warnings: '0' }]);
});

test.each([
  [{}, 'success'],
  [{ strict: true }, 'failure'],
  [{ strict: true, severities: { ...severities, 'SEC-6': 'off' as const } }, 'success'],
])('a warning with %j is a %s', async (options, status) => {
  expect((await validated([deployment({ image: 'app:1.2' })], options)).submitted[0]).toBe(status);
});

test('a chart without objects is no failure', async () => {
  expect((await validated('')).submitted).toEqual(['success', { Objects: '0', Errors: '0', Warnings: '0' }]);
});

test('what cannot be read is a violation, not a stack trace', async () => {
  const { violations, submitted, file } = await validated('a: 1\na: 2\n');
  expect(violations).toMatchObject([
    {
      ruleName: 'input',
      recommendation: expect.stringContaining('the key "a" is there twice'),
      violatingResources: [{ manifestPath: file, locations: ['line 2'] }],
    },
  ]);
  expect(submitted).toEqual(['failure']);
});

test('CustomResourceDefinitions are read from files and folders', async () => {
  expect((await validated([deployment()], { crds: ['crds'] })).submitted[0]).toBe('success');
  expect((await validated([deployment()], { crds: ['nowhere'] })).violations[0]?.recommendation).toBe('there is no such file or folder');
});

test.each([
  [{ flor: '1.29' }, 'the property flor of the validation is not known; there are floor, target,'],
  [{ floor: 1.29 }, "the property floor of the validation is 1.29, but must be one of '1.27', '1.29',"],
  [{ gitops: 'flux' }, 'the property gitops of the validation is "flux", but must be a list of argocd and flux'],
  [{ gitops: ['helm'] }, 'the property gitops of the validation is ["helm"]'],
  [
    { severities: { 'SEC-2': false } },
    'the property severities of the validation is {"SEC-2":false}, but must be rules with \'off\', warning or error',
  ],
  [{ strict: 'yes' }, 'the property strict of the validation is "yes", but must be true or false'],
  [{ crds: 'crds' }, 'the property crds of the validation is "crds", but must be a list of paths'],
  [{ unknownKinds: 'off' }, 'the property unknownKinds of the validation is "off", but must be error or warning'],
])('properties of cdk8s.yaml: %j', async (properties, sentence) => {
  const { violations, submitted } = await validated([deployment()], properties as ManifestValidationOptions);
  expect(violations).toMatchObject([
    { recommendation: expect.stringContaining(sentence), violatingResources: [{ manifestPath: 'cdk8s.yaml' }] },
  ]);
  expect(submitted).toEqual(['failure']);
});
