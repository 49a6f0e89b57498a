import type { Origin } from '../finding';
import { type Fields, isFields, list, text } from '../manifests/look';
import { type Document, parseDocuments } from './parse';
import { InputError, refuse } from './problem';

/** One Kubernetes object, and where it was found. */
export interface Found {
  readonly object: Fields;
  readonly origin: Origin;
}

/**
 * The objects of a file: those of all its documents, and those of a `List`.
 *
 * @throws InputError for what is no YAML, and for documents that are no objects
 */
export function objectsOf(content: string, file: string): Found[] {
  return documentsOf(content, file).flatMap((document) => {
    const { value, line } = document;
    if (!isFields(value)) return refuse(file, line, `is ${described(value)}, not a Kubernetes object`);
    return isList(value) ? listed(value, file, document) : [{ object: value, origin: { file, line } }];
  });
}

/** Whether a file has anything to do with Kubernetes, or is there for another program: `values.yaml`, `package.json`. */
export function holdsManifests(found: readonly Found[]): boolean {
  return found.some(({ object }) => ['apiVersion', 'kind', 'metadata'].some((field) => Object.hasOwn(object, field)));
}

/** The line of the first `{{`, if there is one. */
export function templateLine(content: string): number | undefined {
  const position = content.indexOf('{{');
  return position < 0 ? undefined : content.slice(0, position).split('\n').length;
}

export const RENDER = 'render it first, e.g. helm template NAME CHART | cdk8s-stateful check -';

function documentsOf(content: string, file: string): Document[] {
  try {
    return parseDocuments(content, file);
  } catch (error) {
    if (!(error instanceof InputError) || !/^[ \t]*(?:- +)?\{\{|: +\{\{/m.test(content)) throw error;
    throw new InputError(error.problems.map((p) => ({ ...p, message: `${p.message}; if this is a Helm template, ${RENDER}` })));
  }
}

/** `v1 List`, as kubectl writes it, and lists of one kind, as the API does; not a custom resource that is named so. */
function isList(value: Fields): boolean {
  return (text(value, 'kind') ?? '').endsWith('List') && Array.isArray(value.items);
}

function listed(value: Fields, file: string, { itemLines, line }: Document): Found[] {
  const lines = itemLines();
  const kind = text(value, 'kind')?.slice(0, -'List'.length);
  return list(value, 'items').flatMap((item, index) => {
    const at = lines[index] ?? line;
    if (!isFields(item)) return refuse(file, at, `item ${index} of the list is ${described(item)}, not a Kubernetes object`);
    const object = kind ? { apiVersion: value.apiVersion, kind, ...item } : item; // the API leaves them out of a list of one kind
    return isList(object) ? nested(object, file, at) : [{ object, origin: { file, line: at } }];
  });
}

/** A list in a list: its objects count as being where it is. */
function nested(value: Fields, file: string, line: number): Found[] {
  return listed(value, file, { value, line, itemLines: () => [] });
}

function described(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return value === null ? 'empty' : `the ${typeof value === 'string' ? 'text' : typeof value} ${JSON.stringify(value)?.slice(0, 40)}`;
}
