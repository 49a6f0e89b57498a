/** The cluster tests, one after the other: they share one cluster. `E2E_LONG=1` runs those that CI has no time for. */
module.exports = {
  rootDir: '..',
  roots: ['<rootDir>/e2e'],
  testMatch: process.env.E2E_LONG ? ['<rootDir>/e2e/*.long.test.ts'] : ['<rootDir>/e2e/*.test.ts', '!**/*.long.test.ts'],
  moduleFileExtensions: ['ts', 'js', 'json'],
  transform: { '\\.ts$': '@swc/jest' },
  testTimeout: 300_000,
  maxWorkers: 1,
  verbose: true,
};
