import { App, type Chart } from 'cdk8s';
import type { CheckOptions } from '../checks';
import { CHECKS_CONTEXT } from '../internal/validate-objects';
import type { StatefulAppProps } from './props';
import type * as Synthesis from './synthesis';

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
    return synthesis().chartsOf(this);
  }

  /**
   * Writes all manifests into the output folder.
   *
   * @throws an error with a sentence for all that is wrong; the folder is then as it was
   */
  public override synth(): void {
    const { checks, clusterPerChart, stableFileNames } = this;
    synthesis().writeFiles(this, { checks, clusterPerChart, stableFileNames });
  }

  /** All manifests as one text. */
  public override synthYaml(): string {
    const { checks, clusterPerChart, stableFileNames } = this;
    return synthesis().yamlOf(this, { checks, clusterPerChart, stableFileNames });
  }
}

/** Loaded when it is needed: who imports this library for a construct does not wait for it. */
function synthesis(): typeof Synthesis {
  return require('./synthesis');
}
