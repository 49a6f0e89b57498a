// Lets plain `node` run TypeScript by the compiler that the tests use: node --require ./e2e/register.js e2e/soak.ts
const { transformFileSync } = require('@swc/core');

const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' }, sourceMaps: 'inline' };
process.setSourceMapsEnabled(true);
require.extensions['.ts'] = (module, filename) => module._compile(transformFileSync(filename, options).code, filename);
