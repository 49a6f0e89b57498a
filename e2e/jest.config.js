/** The cluster tests, one after the other: they share one cluster. */
module.exports = {
  rootDir: '..',
  roots: ['<rootDir>/e2e'],
  testMatch: ['<rootDir>/e2e/*.test.ts'],
  moduleFileExtensions: ['ts', 'js', 'json'],
  transform: { '\\.ts$': '@swc/jest' },
  testTimeout: 300_000,
  maxWorkers: 1,
  verbose: true,
};
