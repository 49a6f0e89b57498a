import { type App, Chart, YamlOutputType } from 'cdk8s';
import { type CheckOptions, checkManifests, type Finding } from '../checks';
import { sentenceOf, warnOf } from '../internal/findings';
import { withoutOwnChecks } from '../internal/validate-objects';
import { warn } from '../platform';
import { constructMetadata } from './construct-metadata';
import { duplicates } from './duplicates';
import { replaceFiles } from './folder';
import { collisions, layout } from './layout';
import { type Order, orderOf } from './order';
import type { RenderedChart, RenderedObject } from './rendered';
import { YamlWriter } from './yaml';

/** What a `StatefulApp` adds to an `App`, with every default decided. */
export interface SynthesisOptions {
  readonly checks: CheckOptions | false;
  readonly clusterPerChart: boolean;
  readonly stableFileNames: boolean;
}

export function chartsOf(app: App): Chart[] {
  return [...orderOf(app.node.findAll()).charts];
}

export function writeFiles(app: App, options: SynthesisOptions): void {
  const { order, charts } = render(app);
  const files = layout(charts, {
    type: app.yamlOutputType,
    extension: app.outputFileExtension,
    numbered: order.chartsDepend && !options.stableFileNames,
  });
  failWith([...mistakes(app, charts, options), ...collisions(files)]);
  const writer = new YamlWriter();
  const contents = files.map(({ path, objects }) => ({ path, text: () => writer.text(objects.map(({ json }) => json)) }));
  if (records(app) && files.length > 0) contents.push(constructMetadata(files.flatMap(({ objects }) => objects)));
  const left = replaceFiles(app, app.outdir, contents);
  const kept = left.length === 1 ? `the file ${left[0]}` : `the ${left.length} files`;
  if (left.length > 0) warn(app, 'AppEmpty', `the app makes no object; ${app.outdir} keeps ${kept} of its last synth`);
}

export function yamlOf(app: App, options: SynthesisOptions): string {
  const { charts } = render(app);
  failWith(mistakes(app, charts, options));
  return new YamlWriter().text(charts.flatMap(({ objects }) => objects.map(({ json }) => json)));
}

function render(app: App): { readonly order: Order; readonly charts: RenderedChart[] } {
  return withoutOwnChecks(app, () => {
    failWith(app.node.findAll().flatMap(({ node }) => node.validate().map((error) => `[${node.path}] ${error}`)));
    const order = orderOf(app.node.findAll());
    return { order, charts: order.charts.map((chart) => renderChart(chart, order, app.yamlOutputType)) };
  });
}

function renderChart(chart: Chart, order: Order, type: YamlOutputType): RenderedChart {
  const inFolder = type === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE; // where cdk8s does not ask the chart
  if (chart.toJson === Chart.prototype.toJson || inFolder) {
    return { chart, objects: order.objectsOf(chart).map((construct) => ({ construct, json: construct.toJson() })) };
  }
  return { chart, objects: Object.values(chart.toJson()).map((json) => ({ construct: chart, json })) };
}

/** Sentences about the objects; what is only worth knowing is said on stderr. */
function mistakes(app: App, charts: readonly RenderedChart[], { checks, clusterPerChart }: SynthesisOptions): string[] {
  const namespace = checks === false ? 'default' : (checks.namespace ?? 'default');
  const clusters = clusterPerChart ? charts.map(({ objects }) => objects) : [charts.flatMap(({ objects }) => objects)];
  return clusters.flatMap((objects) => [
    ...duplicates(objects, namespace),
    ...(checks === false ? [] : errors(app, objects, checks).map((finding) => `[${finding.origin.construct}] ${sentenceOf(finding)}`)),
  ]);
}

function errors(app: App, objects: readonly RenderedObject[], checks: CheckOptions): Finding[] {
  const constructs = new Map(objects.map(({ construct }) => [construct.node.path, construct]));
  const origins = objects.map(({ construct }) => ({ construct: construct.node.path }));
  const all = objects.map(({ json }) => json);
  const findings = checkManifests(all, checks, { origins });
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  warnOf(app, warnings, ({ origin }) => constructs.get(origin.construct ?? '') ?? app);
  return findings.filter(({ severity }) => severity === 'error');
}

/** In cdk8s' words, which people know. */
function failWith(sentences: readonly string[]): void {
  if (sentences.length > 0) throw new Error(`Validation failed with the following errors:\n  ${sentences.join('\n  ')}`);
}

/** Whether validation plugins are to know the constructs: cdk8s decides it by the prop or by what its command says, and keeps it to itself. */
function records(app: App): boolean {
  return (app as unknown as { recordConstructMetadata: boolean }).recordConstructMetadata;
}
