/** Tests that start real programs, and take their time: `npm run test:programs`. */
const PROGRAMS = [
  'test/synth\\.test',
  'app/cli\\.test',
  'scripts?\\.test',
  'declare\\.test',
  'monitoring/alerts\\.test',
  'pgbackrest[-a-z]*\\.test',
];

/** `ts` before `js`: a stale compiled file must never be what is tested. */
module.exports = {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...PROGRAMS],
  moduleFileExtensions: ['ts', 'js', 'json'],
  maxWorkers: 2,
  transform: { '\\.ts$': '@swc/jest' },
};
