import { fileURLToPath } from 'node:url';

const integration = process.env.BERKAS_TEST_INTEGRATION === '1';

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
  testMatch: integration ? ['**/*.int.test.ts'] : ['**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '/dist/',
    ...(integration ? [] : ['\\.int\\.test\\.ts$']),
  ],
  modulePathIgnorePatterns: ['/dist/'],
  testTimeout: 30_000,
  // kafkajs holds on to the connections that the fault tests cut until its own timers give up.
  forceExit: integration,
};
