/** `ts` before `js`: a stale compiled file must never be what is tested. */
module.exports = {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  moduleFileExtensions: ['ts', 'js', 'json'],
  maxWorkers: 2,
  transform: { '\\.ts$': '@swc/jest' },
};
