import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { StatefulApp } from '../../lib';
import { inFolder, manifests } from './support';

/** A tree of constructs, and who depends on whom, by numbers that are taken as the tree turns out to be large. */
interface Plan {
  readonly nodes: readonly { readonly around: number; readonly kind: 'chart' | 'component' | 'object'; readonly id: string }[];
  readonly dependencies: readonly (readonly [number, number])[];
}

const plans: fc.Arbitrary<Plan> = fc.record({
  nodes: fc.array(
    fc.record({
      around: fc.nat(),
      kind: fc.constantFrom('chart', 'component', 'object' as const) as fc.Arbitrary<'chart' | 'component' | 'object'>,
      id: fc.constantFrom('a', 'B', 'c-d', '7', '10', '007', 'x.y'),
    }),
    { minLength: 1, maxLength: 14 },
  ),
  dependencies: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 6 }),
});

function build(app: App, { nodes, dependencies }: Plan): App {
  const made: Construct[] = [];
  nodes.forEach(({ around, kind, id }, number) => {
    const parents: Construct[] = [app, ...made];
    const given = parents[around % parents.length] as Construct;
    const scope =
      kind === 'chart' || Chart.isChart(given) || given.node.scopes.some((s) => Chart.isChart(s)) ? given : made.find(Chart.isChart);
    if (!scope || scope.node.tryFindChild(id)) return;
    if (kind === 'chart') made.push(new Chart(scope, id, { namespace: `n${number}` }));
    else if (kind === 'component') made.push(new Construct(scope, id));
    else made.push(new ApiObject(scope, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `m${number}` }, data: { a: 'b' } }));
  });
  for (const [from, to] of dependencies) {
    const [source, target] = [made[from % made.length], made[to % made.length]];
    if (source && target && source !== target) source.node.addDependency(target);
  }
  return app;
}

/** What it writes, or the first words of why it does not. */
function outcome(make: (outdir: string) => App): unknown {
  return inFolder((outdir) => {
    try {
      make(outdir).synth();
      return manifests(outdir);
    } catch (error) {
      return (error as Error).message.split(':')[0];
    }
  });
}

const RUNS = 60;

const TYPES = [
  YamlOutputType.FILE_PER_APP,
  YamlOutputType.FILE_PER_CHART,
  YamlOutputType.FILE_PER_RESOURCE,
  YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
];

test.each(TYPES)('any tree of constructs gives the files and bytes of cdk8s, or fails as there: yamlOutputType %i', (yamlOutputType) => {
  let failed = 0;
  let written = 0;
  fc.assert(
    fc.property(plans, (plan) => {
      const theirs = outcome((outdir) => build(new App({ outdir, yamlOutputType }), plan));
      const ours = outcome((outdir) => build(new StatefulApp({ outdir, yamlOutputType }), plan));
      expect(ours).toEqual(theirs);
      if (typeof theirs === 'string') failed++;
      else written++;
    }),
    { numRuns: RUNS },
  );
  expect(failed).toBeGreaterThan(0);
  expect(written).toBeGreaterThan(RUNS / 5);
});

/** In place of `around` the position among the app (0) and what was made, in place of a dependency the positions of both. */
const TRAPS: [string, Plan][] = [
  [
    'something depends on an object inside itself, and beside that on another',
    {
      nodes: [
        { around: 0, kind: 'chart', id: 'c' },
        { around: 1, kind: 'component', id: 'around' },
        { around: 2, kind: 'component', id: 'inside' },
        { around: 3, kind: 'object', id: 'object' },
        { around: 2, kind: 'component', id: 'beside' },
        { around: 2, kind: 'object', id: 'last' },
        { around: 1, kind: 'object', id: 'other' },
      ],
      dependencies: [
        [1, 2],
        [4, 6],
      ],
    },
  ],
  [
    'charts have numbers for names, and one is inside a component of another',
    {
      nodes: [
        { around: 0, kind: 'chart', id: '1' },
        { around: 1, kind: 'component', id: 'in' },
        { around: 2, kind: 'chart', id: 'nested' },
        { around: 0, kind: 'chart', id: '2' },
        { around: 4, kind: 'object', id: 'o' },
      ],
      dependencies: [],
    },
  ],
];

test.each(TRAPS)('the same files, where %s', (_, plan) => {
  const theirs = outcome((outdir) => build(new App({ outdir, yamlOutputType: YamlOutputType.FILE_PER_APP }), plan));
  expect(outcome((outdir) => build(new StatefulApp({ outdir, yamlOutputType: YamlOutputType.FILE_PER_APP }), plan))).toEqual(theirs);
  expect(Object.keys(theirs as object)).toEqual(['app.k8s.yaml']);
});
