/** Where something listens: a host name that its clients resolve, and a TCP port. */
export class Endpoint {
  constructor(
    public readonly host: string,
    public readonly port: number,
  ) {}

  /** `host:port` */
  public toString(): string {
    return `${this.host}:${this.port}`;
  }
}
