import { ApiObject, App, Chart, JsonPatch, Lazy, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { StatefulApp, warningsOf } from '../../lib';
import { RULES } from '../../lib/checks/rules';
import { CHECKS_CONTEXT, validateObjects } from '../../lib/internal/validate-objects';
import { inFolder, read } from '../app/support';
import { emitWarning, type Json, outcomeOf } from '../support';

const PINNED = `web@sha256:${'a'.repeat(64)}`;
const ONLY_IMAGES = Object.fromEntries(RULES.filter(({ id }) => id !== 'SEC-6').map(({ id }) => [id, 'off']));

/** As the constructs of this library are: a part that it makes, and its check at the end. */
class Web extends Construct {
  public rendered = 0;
  public readonly deployment: ApiObject;

  constructor(scope: Construct, id: string, image: string) {
    super(scope, id);
    const container = { name: 'web', image: Lazy.any({ produce: () => this.render(image) }) };
    const spec = { selector: {}, template: { spec: { containers: [container] } } };
    this.deployment = new ApiObject(this, 'Deployment', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: id }, spec });
    validateObjects(this);
  }

  private render(image: string): string {
    this.rendered++;
    return image;
  }
}

function appOf(outdir?: string): App {
  const app = new App({ outdir });
  app.node.setContext(CHECKS_CONTEXT, { severities: ONLY_IMAGES });
  return app;
}

function web(app: App, id: string, image: string): Web {
  return new Web(new Chart(app, id, { namespace: 'shop' }), 'web', image);
}

test('what a rule finds wrong fails a plain synth before anything is written, and so it does in a test', () => {
  inFolder((outdir) => {
    const app = appOf(outdir);
    web(app, 'good', PINNED);
    const bad = web(app, 'bad', 'web:latest');
    const sentence = /^Deployment shop\/web: spec\.template\.spec\.containers\[0\]\.image: web:latest is .* \[SEC-6\]$/;
    const { message } = outcomeOf(() => app.synth()) as Error;
    expect(message.split('\n')).toEqual([
      'Validation failed with the following errors:',
      expect.stringMatching(/^ {2}\[bad\/web\] Deployment shop\/web: .* \[SEC-6\]$/),
    ]);
    expect(read(outdir)).toEqual({});
    expect(() => Testing.synth(Chart.of(bad))).toThrow('[SEC-6]');
    expect(bad.node.validate()).toEqual([expect.stringMatching(sentence)]);
  });
});

test('what is only worth knowing is said once, and stays with the construct', () => {
  emitWarning.mockClear();
  const app = appOf();
  const { node } = web(app, 'one', 'web:1');
  for (let i = 0; i < 3; i++) expect(node.validate()).toEqual([]);
  Testing.synth(Chart.of(node.children[0] as Construct));
  expect(emitWarning).toHaveBeenCalledTimes(1);
  expect(warningsOf(app)).toEqual([
    { code: 'SEC-6', message: expect.stringMatching(/^one\/web: Deployment shop\/web: .*web:1 has no digest/) },
  ]);
});

test('an object is rendered once for its check and for its file, however many charts there are', async () => {
  const folder = (run: (outdir: string) => number[]) => inFolder(run);
  const counts = folder((outdir) => {
    const app = appOf(outdir);
    const all = ['one', 'two', 'three'].map((id) => web(app, id, PINNED));
    app.synth();
    expect(read(outdir)['three.k8s.yaml']).toContain(PINNED);
    return all.map(({ rendered }) => rendered);
  });
  expect(counts).toEqual([1, 1, 1]);
});

describe('what was rendered for a check is not what is written later', () => {
  const json = (made: Web): Json => Testing.synth(Chart.of(made))[0];

  test.each<[string, (made: Web) => void, (json: Json) => unknown, unknown]>([
    ['a patch', ({ deployment }) => deployment.addJsonPatch(JsonPatch.add('/spec/replicas', 3)), (o) => o.spec.replicas, 3],
    ['an annotation', ({ deployment }) => deployment.metadata.addAnnotation('a', 'b'), (o) => o.metadata.annotations, { a: 'b' }],
    ['a label', ({ deployment }) => deployment.metadata.addLabel('a', 'b'), (o) => o.metadata.labels, { a: 'b' }],
    ['a finalizer', ({ deployment }) => deployment.metadata.addFinalizers('a/b'), (o) => o.metadata.finalizers, ['a/b']],
    ['any metadata', ({ deployment }) => deployment.metadata.add('generation', 2), (o) => o.metadata.generation, 2],
    [
      'an owner',
      ({ deployment }) => deployment.metadata.addOwnerReference({ apiVersion: 'v1', kind: 'Node', name: 'a', uid: 'u' }),
      (o) => o.metadata.ownerReferences[0].name,
      'a',
    ],
  ])('%s that comes after the synth of another chart', (_, change, look, expected) => {
    const app = appOf();
    const [one, two] = [web(app, 'one', PINNED), web(app, 'two', PINNED)];
    json(one); // validates the whole app, and so renders two
    change(two);
    expect(look(two.deployment.toJson())).toEqual(expected); // as where there is a file an object, without another validation
    expect(look(json(two))).toEqual(expected);
    expect(json(two)).toEqual(json(two));
  });

  test('a change that makes it wrong is found, though it passed a moment ago', () => {
    const made = web(appOf(), 'one', PINNED);
    json(made);
    made.deployment.addJsonPatch(JsonPatch.replace('/spec/template/spec/containers/0/image', 'web'));
    expect(() => json(made)).toThrow('web is whatever the registry has today');
  });

  test('whoever gets an object may change it', () => {
    const made = web(appOf(), 'one', PINNED);
    const first = json(made);
    first.spec.template.spec.containers = [];
    expect(json(made).spec.template.spec.containers).toHaveLength(1);
  });

  test('whoever renders it in his own way, before or after the first synth, is asked each time', async () => {
    const made = web(appOf(), 'one', PINNED);
    const { deployment } = made;
    for (const times of [1, 2]) {
      const render = deployment.toJson;
      deployment.toJson = () => {
        const object = render.call(deployment);
        object.metadata.annotations = { ...object.metadata.annotations, [`times${times}`]: 'x' };
        object.spec.template.spec.containers.push({ name: `more${times}`, image: PINNED });
        return object;
      };
      const { metadata, spec } = json(made);
      expect(Object.keys(metadata.annotations)).toHaveLength(times);
      expect(spec.template.spec.containers).toHaveLength(times + 1);
      await Promise.resolve(); // the next is another synth
    }
  });

  test('a later turn renders anew, whatever it depends on', async () => {
    const app = appOf();
    const [one, two] = [web(app, 'one', PINNED), web(app, 'two', PINNED)];
    json(one);
    await Promise.resolve();
    json(two);
    expect(two.rendered).toBe(2);
  });
});

test('what a user puts below the construct is his', () => {
  const made = web(appOf(), 'one', PINNED);
  const spec = { template: { spec: { containers: [{ name: 'mine', image: 'mine:latest' }] } } };
  new ApiObject(made, 'Mine', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'mine' }, spec });
  expect(made.node.validate()).toEqual([]);
});

test.each<[string, unknown, number]>([
  ['severities of the app', { severities: { ...ONLY_IMAGES, 'SEC-6': 'off' } }, 0],
  ['no checks', false, 0],
])('%s count', (_, checks, errors) => {
  for (const app of [new App(), new StatefulApp({ checks: checks as false })]) {
    if (!(app instanceof StatefulApp)) app.node.setContext(CHECKS_CONTEXT, checks);
    expect(web(app, 'one', 'web:latest').node.validate()).toHaveLength(errors);
  }
});
