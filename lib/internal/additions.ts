/** What arrives after construction: append-only, read once when the objects are rendered. */
export class Additions<T> {
  private readonly items: T[] = [];
  private rendered = false;

  /** @param tooLate makes the error for an addition that could no longer have an effect */
  public add(item: T, tooLate: () => Error): void {
    if (this.rendered) throw tooLate();
    this.items.push(item);
  }

  /** The additions in their order; from now on, more of them throw. */
  public read(): readonly T[] {
    this.rendered = true;
    return this.items;
  }
}
