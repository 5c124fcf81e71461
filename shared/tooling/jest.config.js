import { fileURLToPath } from 'node:url';

/** On the real servers: their adapters' suites, and the end-to-end suite with six processes. */
const integration = process.env.BERKAS_TEST_INTEGRATION === '1';
/** What only one process on one folder does. */
const EMBEDDED_ALONE = ['shared/e2e/src/(data-folder|full-disk)\\.test\\.ts$'];

/** @type {import('jest').Config} */
export default {
  rootDir: fileURLToPath(new URL('../..', import.meta.url)),
  testEnvironment: 'node',
  // Workspaces resolve to their TypeScript source, so that tests need no build.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  testMatch: integration
    ? ['**/*.int.test.ts', '<rootDir>/shared/e2e/src/*.test.ts']
    : ['**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '/dist/',
    ...(integration ? EMBEDDED_ALONE : ['\\.int\\.test\\.ts$']),
  ],
  modulePathIgnorePatterns: ['/dist/'],
  // Six processes take their time to start, and more after a kill: the cluster waits for the dead.
  testTimeout: integration ? 180_000 : 30_000,
  // kafkajs holds on to the connections that the fault tests cut until its own timers give up.
  forceExit: integration,
};
