import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const RUN_WITHIN_MS = 180_000;

const pathOf = (file) => fileURLToPath(new URL(`./children/${file}`, import.meta.url));

/** Starts a measurement in a process of its own; it is killed if it takes longer than 3 minutes. */
export function startChild(file, options, onMessage) {
  const child = fork(pathOf(file), [JSON.stringify(options)], { stdio: ['ignore', 2, 2, 'ipc'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), RUN_WITHIN_MS);
  child.once('exit', () => clearTimeout(timer));
  child.on('message', onMessage);
  return child;
}

/** Runs a measurement to its end and answers the figures that it sent. */
export async function runChild(file, options) {
  let figures;
  const child = startChild(file, options, (message) => (figures = message));
  const [code, signal] = await once(child, 'exit');
  if (figures === undefined) throw new Error(`${file} ended with ${code ?? signal}, no figures`);
  return figures;
}

/** In a child: what it was started with. */
export const optionsOfChild = () => JSON.parse(process.argv[2]);

/** In a child: hands the figures over and ends, whatever the clients still hold open. */
export const finishChild = (figures) => process.send(figures, () => process.exit(0));
