import { App, YamlOutputType } from 'cdk8s';
import { OrdersPostgres } from './orders-postgres/chart';

const app = new App({ yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
new OrdersPostgres(app, 'orders-postgres');
app.synth();
