// TypeScript, used as an ES module and (renamed to .cts) as CommonJS.
import { Chart, Size } from 'cdk8s';
import { ConstructError, type Endpoint, HaPostgres, type HaPostgresProps, type IPostgres, SecretKey } from 'cdk8s-stateful';
import type { Construct } from 'constructs';

const login = (key: string) => ({ password: SecretKey.of('orders-postgres', key) });
const props: HaPostgresProps = {
  credentials: { superuser: login('superuser'), replication: login('replication'), rewind: login('rewind') },
  storage: { size: Size.gibibytes(20) },
  resources: { memory: { limit: Size.gibibytes(2) } },
};

export class Shop extends Chart {
  public readonly postgres: IPostgres;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.postgres = new HaPostgres(this, 'orders', props);
  }
}

export const where = (shop: Shop): Endpoint => shop.postgres.primary;
export const why = (error: unknown): string => (error instanceof ConstructError ? error.code : 'unknown');
