import { createOfflineModelServer, CHAT_MODEL, EMBEDDING_MODEL } from '@berkas/llm/offline';
import { createLogger, parseConfig } from '@berkas/service-kit';
import { ModelServerVariables } from '../config.ts';
import { EXIT } from '../exit.ts';

/** `berkas model`: the offline model as a server, until a signal. Answers the exit status. */
export async function modelCommand(io: {
  environment: Readonly<Record<string, string | undefined>>;
  stdout: NodeJS.WriteStream;
  /** Resolves when the process is asked to stop. */
  stopRequested: Promise<NodeJS.Signals>;
}): Promise<number> {
  const variables = parseConfig(ModelServerVariables, io.environment);
  const { OFFLINE_MODEL_FAULTS: faults } = variables;
  const server = createOfflineModelServer({
    host: variables.HOST,
    port: variables.PORT,
    logger: createLogger({ level: variables.LOG_LEVEL }),
    ...(faults === undefined ? {} : { faults }),
  });
  const { baseUrl } = await server.start();
  io.stdout.write(
    `The offline model is ready. Services use it with\n` +
      `  OPENAI_BASE_URL=${baseUrl} LLM_MODEL=${CHAT_MODEL} EMBEDDING_MODEL=${EMBEDDING_MODEL}\n`,
  );
  await io.stopRequested;
  await server.stop();
  return EXIT.ok;
}
