import { App, YamlOutputType } from 'cdk8s';
import { LedgerPostgres } from './ledger-postgres/chart';
import { OrdersPostgres } from './orders-postgres/chart';

const app = new App({ yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
new LedgerPostgres(app, 'ledger-postgres');
new OrdersPostgres(app, 'orders-postgres');
app.synth();
