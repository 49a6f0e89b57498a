// The least that any cdk8s app with typed Kubernetes objects does.
require('./usage.cjs');
require('cdk8s-plus-27');
