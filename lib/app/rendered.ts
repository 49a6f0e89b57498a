import type { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** A finished object. */
export interface RenderedObject {
  readonly json: unknown;
  /** What made it: an `ApiObject`, or the chart where that renders itself. */
  readonly construct: IConstruct;
}

/** A chart with its objects, in the order in which they are written. */
export interface RenderedChart {
  readonly chart: Chart;
  readonly objects: readonly RenderedObject[];
}
