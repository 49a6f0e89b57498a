/** The pods' scripts, beside stubs and with the real PostgreSQL, pgBackRest and promtool, where this machine has them. */
const { testPathIgnorePatterns, testMatch: _, ...config } = require('./jest.config.js');
const [nodeModules, ...programs] = testPathIgnorePatterns;

module.exports = {
  ...config,
  testPathIgnorePatterns: [nodeModules],
  testRegex: programs.map((pattern) => `${pattern}(\\.ts|.*\\.test\\.ts)$`),
};
