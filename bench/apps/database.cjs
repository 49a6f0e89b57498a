// The database of every benchmark: the one of the README.
const { Size } = require('cdk8s');
const kplus = require('cdk8s-plus-27');
const { HaPostgres, SecretKey } = require('cdk8s-stateful');

const password = (key) => ({ password: SecretKey.of('orders-postgres', key) });

exports.database = (chart, parts = {}) =>
  new HaPostgres(chart, 'orders', {
    credentials: { superuser: password('superuser'), replication: password('replication'), rewind: password('rewind') },
    roles: [{ name: 'orders', ...password('orders') }],
    databases: [{ name: 'orders', owner: 'orders' }],
    storage: { size: Size.gibibytes(20) },
    walStorage: { size: Size.gibibytes(5) },
    resources: { cpu: { request: kplus.Cpu.millis(500) }, memory: { limit: Size.gibibytes(2) } },
    ...parts,
  });
