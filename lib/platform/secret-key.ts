import * as kplus from 'cdk8s-plus-27';

/**
 * One value in a Secret that exists in the cluster.
 *
 * The only way to hand over a password: its text never passes through synth, so it can never be in the output.
 */
export class SecretKey {
  /** `SecretKey.of('orders-postgres', 'superuser')`; a `kplus.ISecret` does as well as its name. */
  public static of(secret: string | kplus.ISecret, key: string): SecretKey {
    return new SecretKey(typeof secret === 'string' ? secret : secret?.name, key);
  }

  /** Whether it is one, from whichever copy of this package. */
  public static isSecretKey(value: unknown): value is SecretKey {
    const { secretName, key } = (value ?? {}) as SecretKey;
    return typeof secretName === 'string' && typeof key === 'string';
  }

  private constructor(
    public readonly secretName: string,
    public readonly key: string,
  ) {}

  /** For a container's environment. */
  public envValue(): kplus.EnvValue {
    return kplus.EnvValue.fromSecretValue({ secret: { name: this.secretName } as kplus.ISecret, key: this.key }); // only its name is read
  }

  public toString(): string {
    return `${this.secretName}/${this.key}`;
  }
}
