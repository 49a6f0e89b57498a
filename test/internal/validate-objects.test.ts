import { ApiObject, App, Chart, JsonPatch, Lazy, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { StatefulApp, warningsOf } from '../../lib';
import { RULES } from '../../lib/checks/rules';
import { CHECKS_CONTEXT, validateObjects } from '../../lib/internal/validate-objects';
import { inFolder, read } from '../app/support';
import { emitWarning, outcomeOf } from '../support';

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

test('what passed is not checked again, however many charts there are', () => {
  inFolder((outdir) => {
    const app = appOf(outdir);
    const all = ['one', 'two', 'three'].map((id) => web(app, id, PINNED));
    app.synth();
    expect(all.map(({ rendered }) => rendered)).toEqual([2, 2, 2]); // for the check and for the file
    expect(read(outdir)['three.k8s.yaml']).toContain(PINNED);
  });
});

test('another synth checks anew', async () => {
  const made = web(appOf(), 'one', PINNED);
  Testing.synth(Chart.of(made));
  await Promise.resolve();
  made.deployment.addJsonPatch(JsonPatch.replace('/spec/template/spec/containers/0/image', 'web'));
  expect(() => Testing.synth(Chart.of(made))).toThrow('web is whatever the registry has today');
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
