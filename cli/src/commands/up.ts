import { createLogger, parseConfig } from '@berkas/service-kit';
import { createBerkas } from '../berkas.ts';
import { Variables } from '../config.ts';
import { EXIT } from '../exit.ts';

/** `berkas up`: the whole system in this process, until a signal. Answers the exit status. */
export async function upCommand(io: {
  environment: Readonly<Record<string, string | undefined>>;
  stdout: NodeJS.WriteStream;
  /** Resolves when the process is asked to stop. */
  stopRequested: Promise<NodeJS.Signals>;
}): Promise<number> {
  const variables = parseConfig(Variables, io.environment);
  const logger = createLogger({ level: variables.LOG_LEVEL });
  const berkas = createBerkas(variables, { logger });
  const { url, model } = await berkas.start();
  io.stdout.write(`Berkas is ready at ${url} (model: ${model})\n`);
  const signal = await io.stopRequested;
  logger.info({ signal }, 'stopping');
  await berkas.stop();
  return EXIT.ok;
}
