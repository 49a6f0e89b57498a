import type { ApiObject } from 'cdk8s';

/** What changes an object after it was made. */
const CHANGES = { object: ['addJsonPatch'], metadata: ['add', 'addLabel', 'addAnnotation', 'addFinalizers', 'addOwnerReference'] };

type Methods = Record<string, (...args: unknown[]) => unknown>;

/**
 * Renders objects for a check, and hands the result to the synth that asked for the check: rendering is most of what cdk8s does
 * beside writing, and twice would be felt.
 *
 * The next call of an object's `toJson` takes what was kept, once. Nothing is kept where the object has changed since, nor for longer
 * than the current turn of the event loop; `App.synth` takes one.
 */
export class RenderedOnce {
  private readonly kept = new Map<ApiObject, unknown>();
  private readonly takers = new Map<ApiObject, () => unknown>();

  /** @param forgotten called when what was kept no longer counts */
  constructor(
    private readonly objects: readonly ApiObject[],
    private readonly forgotten: () => void,
  ) {}

  public render(): unknown[] {
    this.kept.clear();
    queueMicrotask(() => this.forget());
    return this.objects.map((object) => {
      const taker = this.takers.get(object) ?? this.watch(object);
      const json = object.toJson();
      if (object.toJson === taker) this.kept.set(object, json); // else it is rendered by somebody who may change what he gets
      return json;
    });
  }

  private forget(): void {
    this.kept.clear();
    this.forgotten();
  }

  private watch(object: ApiObject): () => unknown {
    for (const [target, names] of [
      [object, CHANGES.object],
      [object.metadata, CHANGES.metadata],
    ] as unknown as [Methods, string[]][]) {
      for (const name of names) {
        const change = target[name];
        if (!change) continue;
        target[name] = (...args) => {
          this.forget();
          return change.apply(target, args);
        };
      }
    }
    const render = object.toJson;
    const take = () => {
      const json = this.kept.get(object) ?? render.call(object);
      this.kept.delete(object);
      return json;
    };
    this.takers.set(object, take);
    object.toJson = take;
    return take;
  }
}
