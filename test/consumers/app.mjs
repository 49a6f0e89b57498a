// An ES module with named imports from a CommonJS package.
import { App, Chart, Size, Yaml } from 'cdk8s';
import { HaPostgres, SecretKey } from 'cdk8s-stateful';

const login = (key) => ({ password: SecretKey.of('orders-postgres', key) });
const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
const postgres = new HaPostgres(chart, 'orders', {
  credentials: { superuser: login('superuser'), replication: login('replication'), rewind: login('rewind') },
  storage: { size: Size.gibibytes(20) },
  resources: { memory: { limit: Size.gibibytes(2) } },
});
console.log(postgres.primary.toString());
console.log(Yaml.stringify(...chart.toJson()));
