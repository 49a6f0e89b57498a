import { join } from 'node:path';
import { ApiObject, type Chart, Names, YamlOutputType } from 'cdk8s';
import { titleOf } from '../checks';
import type { Named, RenderedChart, RenderedObject } from './rendered';

/** A file to be written. */
export interface PlannedFile {
  /** Below the output folder. */
  readonly path: string;
  readonly objects: readonly RenderedObject[];
  /** Whose it is, as a sentence names it. */
  readonly title: string;
  /** Path of the construct that it is of. */
  readonly construct: string;
}

export interface LayoutOptions {
  readonly type: YamlOutputType;
  readonly extension: string;
  /** Whether a chart's position comes before its name. */
  readonly numbered: boolean;
}

/** Which file holds what: the same as cdk8s'. */
export function layout(charts: readonly RenderedChart[], options: LayoutOptions): PlannedFile[] {
  const { type, extension } = options;
  switch (type) {
    case YamlOutputType.FILE_PER_APP: {
      const objects = charts.flatMap((chart) => chart.objects);
      return charts.length === 0 ? [] : [{ path: `app${extension}`, objects, title: 'the app', construct: '' }];
    }
    case YamlOutputType.FILE_PER_CHART:
      return charts.map(({ chart, objects }, position) => ({
        path: nameOf(chart, position, options) + extension,
        objects,
        title: `chart ${chart.node.path}`,
        construct: chart.node.path,
      }));
    case YamlOutputType.FILE_PER_RESOURCE:
      return charts.flatMap(({ objects }) => objects.flatMap((object) => fileOf(object, '', extension)));
    case YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE:
      return charts.flatMap(({ chart, objects }, position) =>
        objects.flatMap((object) => fileOf(object, nameOf(chart, position, options), extension)),
      );
    default:
      return []; // nor does cdk8s write anything
  }
}

/** Sentences about files that would hold what another holds too, also on a disk that does not tell capitals from small letters. */
export function collisions(files: readonly PlannedFile[]): string[] {
  const taken = new Map<string, PlannedFile>();
  return files.flatMap((file) => {
    const first = taken.get(file.path.toLowerCase());
    if (!first) {
      taken.set(file.path.toLowerCase(), file);
      return [];
    }
    const cure = file.title.startsWith('chart ')
      ? 'give one of the charts another id'
      : 'put them into two charts and use YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE, or YamlOutputType.FILE_PER_CHART';
    return [`[${file.construct}] ${file.title} goes into ${file.path}, but so does ${first.title} of ${first.construct}: ${cure}`];
  });
}

function nameOf(chart: Chart, position: number, { numbered }: LayoutOptions): string {
  return (numbered ? `${position.toString().padStart(4, '0')}-` : '') + Names.toDnsLabel(chart);
}

function fileOf(object: RenderedObject, folder: string, extension: string): PlannedFile[] {
  const { json, construct } = object;
  if (json === undefined) return [];
  const { kind, metadata } = (folder !== '' && ApiObject.isApiObject(construct) ? construct : json) as Named;
  const name = `${kind}.${metadata.name}`.replace(/[^0-9a-zA-Z-_.]/g, '');
  return [{ path: join(folder, name + extension), objects: [object], title: titleOf(json, 'default'), construct: construct.node.path }];
}
