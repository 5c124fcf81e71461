// The integration tests on servers in containers: `npm run test:containers [-- FILES]`.
// Needs a Docker engine on this machine. Its exit status is that of the tests.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const SIGNALS = { SIGINT: 130, SIGTERM: 143 };

let tests;
let interrupted;
for (const signal of Object.keys(SIGNALS)) {
  process.on(signal, () => {
    interrupted = signal;
    tests?.kill(signal);
  });
}
process.exitCode = await main().catch((error) => {
  console.error(`test:containers: ${error.message}`);
  return 1;
});

async function main() {
  install();
  // The containers are stopped here, so that the image of testcontainers' own reaper is not needed.
  process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
  const { findDocker, startServers } = await import('./servers.mjs');
  await findDocker().catch(({ message }) => {
    throw new Error(`It needs a Docker engine, and none answers. (${message})`);
  });
  const { addresses, stop } = await startServers();
  try {
    console.log('Servers in containers:', addresses);
    return interrupted === undefined ? await runTests(addresses) : SIGNALS[interrupted];
  } finally {
    await stop();
  }
}

/** testcontainers is no dependency of the project: who does not run this never installs it. */
function install() {
  if (existsSync(new URL('node_modules', import.meta.url))) return;
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: HERE,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('Its own dependencies could not be installed.');
}

/** Answers the exit status of the tests. */
function runTests(addresses) {
  tests = spawn('npm', ['run', 'test:integration', '--', ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...addresses, REQUIRE_INFRA: '1' },
  });
  return new Promise((resolve, reject) => {
    tests.once('error', reject);
    tests.once('exit', (status, signal) => resolve(status ?? SIGNALS[signal] ?? 1));
  });
}
