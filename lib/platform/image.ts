/** How to tell one build of an image from another. At least one of the two. */
export interface ImageOptions {
  /** A tag that the vendor does not move, e.g. `pg17.10-ts2.28.2`. @default - none, the digest says it all */
  readonly tag?: string;
  /** `sha256:` and 64 hexadecimal digits, as the registry reports it. @default - none; synth warns until there is one */
  readonly digest?: string;
}

/**
 * A container image, by repository, tag and digest.
 *
 * Give the digest: tags move, and a moved tag changes a database's programs without a commit.
 */
export class Image {
  /** `Image.of('timescale/timescaledb-ha', { tag: 'pg17.10-ts2.28.2', digest: 'sha256:…' })` */
  public static of(repository: string, options: ImageOptions): Image {
    return new Image(repository, options?.tag, options?.digest);
  }

  /** Whether it is one, from whichever copy of this package. */
  public static isImage(value: unknown): value is Image {
    return typeof (value as Image | undefined)?.repository === 'string';
  }

  private constructor(
    public readonly repository: string,
    public readonly tag?: string,
    public readonly digest?: string,
  ) {}

  /** As Kubernetes wants it: `repository[:tag][@digest]`. */
  public toString(): string {
    return this.repository + (this.tag ? `:${this.tag}` : '') + (this.digest ? `@${this.digest}` : '');
  }
}
