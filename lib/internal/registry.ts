import type { IConstruct } from 'constructs';

/** Instances of one kind of construct, by the app they are in; so that duplicates are found without walking the tree. */
export class Registry<T> {
  private readonly apps = new WeakMap<IConstruct, T[]>();

  /** Those registered in the app of `scope` so far. */
  public all(scope: IConstruct): readonly T[] {
    return this.apps.get(scope.node.root) ?? [];
  }

  public add(scope: IConstruct, entry: T): void {
    this.apps.set(scope.node.root, [...this.all(scope), entry]);
  }
}
