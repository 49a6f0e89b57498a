import type { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** A finished object. */
export interface RenderedObject {
  readonly json: unknown;
  /** What made it: an `ApiObject`, or the chart where that renders itself. */
  readonly construct: IConstruct;
}

/** What names a file, of a finished object and of an `ApiObject` alike. */
export interface Named {
  readonly kind: string;
  readonly metadata: { readonly name?: string };
}

/** A chart with its objects, in the order in which they are written. */
export interface RenderedChart {
  readonly chart: Chart;
  readonly objects: readonly RenderedObject[];
}
