import { App, Chart, YamlOutputType } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { type CheckOptions, checkManifests, type Finding } from '../checks';
import { sentenceOf, warnOf } from '../internal/findings';
import { CHECKS_CONTEXT, withoutOwnChecks } from '../internal/validate-objects';
import { warn } from '../platform';
import { constructMetadata } from './construct-metadata';
import { duplicates } from './duplicates';
import { replaceFiles } from './folder';
import { collisions, layout } from './layout';
import { type Order, orderOf } from './order';
import type { StatefulAppProps } from './props';
import type { RenderedChart, RenderedObject } from './rendered';
import { YamlWriter } from './yaml';

/**
 * cdk8s' `App`, for output that is reviewed and applied by a GitOps tool. It writes the same bytes, and
 *
 * - takes time in proportion to its charts: each is rendered and validated once,
 * - refuses to write two objects into one file, or one object twice,
 * - checks all objects together before anything is written, and writes all or nothing,
 * - removes the files that it wrote at an earlier synth and no longer makes.
 */
export class StatefulApp extends App {
  private readonly checks: CheckOptions | false;
  private readonly clusterPerChart: boolean;
  private readonly stableFileNames: boolean;

  constructor(props: StatefulAppProps = {}) {
    super(props);
    this.checks = props.checks ?? {};
    this.clusterPerChart = props.clusterPerChart ?? false;
    this.stableFileNames = props.stableFileNames ?? false;
    this.node.setContext(CHECKS_CONTEXT, this.checks);
  }

  /** All charts, those first that others depend on. */
  public override get charts(): Chart[] {
    return [...orderOf(this.node.findAll()).charts];
  }

  /**
   * Writes all manifests into the output folder.
   *
   * @throws an error with a sentence for all that is wrong; the folder is then as it was
   */
  public override synth(): void {
    const [order, charts] = this.render();
    const files = layout(charts, {
      type: this.yamlOutputType,
      extension: this.outputFileExtension,
      numbered: order.chartsDepend && !this.stableFileNames,
    });
    refuse([...this.mistakes(charts), ...collisions(files)]);
    const writer = new YamlWriter();
    const contents = files.map(({ path, objects }) => ({ path, text: () => writer.text(objects.map(({ json }) => json)) }));
    if (records(this) && files.length > 0) contents.push(constructMetadata(files.flatMap(({ objects }) => objects)));
    const left = replaceFiles(this, this.outdir, contents);
    if (left.length > 0) warn(this, 'AppEmpty', `the app makes no object; ${this.outdir} keeps the ${left.length} files of its last synth`);
  }

  /** All manifests as one text. */
  public override synthYaml(): string {
    const [, charts] = this.render();
    refuse(this.mistakes(charts));
    return new YamlWriter().text(charts.flatMap(({ objects }) => objects.map(({ json }) => json)));
  }

  private render(): [Order, RenderedChart[]] {
    return withoutOwnChecks(this, () => {
      validate(this.node.findAll());
      const order = orderOf(this.node.findAll());
      return [order, order.charts.map((chart) => renderChart(chart, order, this.yamlOutputType))];
    });
  }

  /** Sentences about the objects; what is only worth knowing is said on stderr. */
  private mistakes(charts: readonly RenderedChart[]): string[] {
    const { checks } = this;
    const namespace = checks === false ? 'default' : (checks.namespace ?? 'default');
    const clusters = this.clusterPerChart ? charts.map(({ objects }) => objects) : [charts.flatMap(({ objects }) => objects)];
    return clusters.flatMap((objects) => [
      ...duplicates(objects, namespace),
      ...(checks !== false ? this.findings(objects, checks).map((finding) => `[${finding.origin.construct}] ${sentenceOf(finding)}`) : []),
    ]);
  }

  private findings(objects: readonly RenderedObject[], checks: CheckOptions): Finding[] {
    const constructs = new Map(objects.map(({ construct }) => [construct.node.path, construct]));
    const origins = [...objects].map(({ construct }) => ({ construct: construct.node.path }));
    const all = objects.map(({ json }) => json);
    const findings = checkManifests(all, checks, { origins });
    const warnings = findings.filter(({ severity }) => severity === 'warning');
    warnOf(this, warnings, ({ origin }) => constructs.get(origin.construct ?? '') ?? this);
    return findings.filter(({ severity }) => severity === 'error');
  }
}

function validate(constructs: readonly IConstruct[]): void {
  refuse(constructs.flatMap(({ node }) => node.validate().map((error) => `[${node.path}] ${error}`)));
}

/** In cdk8s' words, which people know. */
function refuse(errors: readonly string[]): void {
  if (errors.length > 0) throw new Error(`Validation failed with the following errors:\n  ${errors.join('\n  ')}`);
}

function renderChart(chart: Chart, order: Order, type: YamlOutputType): RenderedChart {
  const inFolder = type === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE; // where cdk8s does not ask the chart
  if (chart.toJson === Chart.prototype.toJson || inFolder) {
    return { chart, objects: order.objectsOf(chart).map((construct) => ({ construct, json: construct.toJson() })) };
  }
  return { chart, objects: Object.values(chart.toJson()).map((json) => ({ construct: chart, json })) };
}

/** Whether validation plugins are to know the constructs: cdk8s decides it by the prop or by what its command says, and keeps it to itself. */
function records(app: App): boolean {
  return (app as unknown as { recordConstructMetadata: boolean }).recordConstructMetadata;
}
