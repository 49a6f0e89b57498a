// One database in one chart, written to CDK8S_OUTDIR.
require('./usage.cjs');
const { App, Chart } = require('cdk8s');
const { database } = require('./database.cjs');

const app = new App();
database(new Chart(app, 'shop', { namespace: 'shop' }));
app.synth();
