/** One value in a ConfigMap that exists in the cluster, e.g. the authority in `kube-root-ca.crt`, which every namespace has. */
export class ConfigMapKey {
  /** `ConfigMapKey.of('kube-root-ca.crt', 'ca.crt')` */
  public static of(configMapName: string, key: string): ConfigMapKey {
    return new ConfigMapKey(configMapName, key);
  }

  /** Whether it is one, from whichever copy of this package. */
  public static isConfigMapKey(value: unknown): value is ConfigMapKey {
    const { configMapName, key } = (value ?? {}) as ConfigMapKey;
    return typeof configMapName === 'string' && typeof key === 'string';
  }

  private constructor(
    public readonly configMapName: string,
    public readonly key: string,
  ) {}

  public toString(): string {
    return `${this.configMapName}/${this.key}`;
  }
}
