import {
  connectModel,
  createStoredLedger,
  modelNames,
  openEmbeddedAdapters,
  type Adapters,
} from '@berkas/composition';
import { createService as createCvEvaluator } from '@berkas/cv-evaluator';
import { createService as createGateway, gatewayConfig } from '@berkas/gateway';
import { createService as createIngest } from '@berkas/ingest';
import { createPdfExtractor } from '@berkas/ingest/extraction';
import { createService as createProjectEvaluator } from '@berkas/project-evaluator';
import { createKnowledgeReader } from '@berkas/scoring';
import { startAll, stopAll, systemClock, type Logger, type Service } from '@berkas/service-kit';
import { createService as createStatus } from '@berkas/status';
import { createService as createSynthesizer } from '@berkas/synthesizer';
import type { Variables } from './config.ts';
import { prepareDataFolder } from './data-folder.ts';
import { removeServerFile, writeServerFile } from './server-file.ts';

export interface Berkas {
  /** Resolves once it can serve. */
  start(): Promise<{ url: string; model: string }>;
  /** Finishes or gives back what is under way. Safe to repeat. */
  stop(): Promise<void>;
}

/** Handlers of a service that only computes and stores; they wait for nobody. */
const LOCAL_CONCURRENCY = 16;

/** The six services in one process, on the embedded adapters, speaking through the event bus alone. */
export function createBerkas(variables: Variables, { logger }: { logger: Logger }): Berkas {
  const folder = variables.BERKAS_DATA_DIR;
  /** Undone in reverse, whatever was reached. */
  const cleanUps: (() => Promise<void>)[] = [];

  const stop = async (): Promise<void> => {
    for (let undo = cleanUps.pop(); undo !== undefined; undo = cleanUps.pop()) await undo();
  };

  const start = async (): Promise<{ url: string; model: string }> => {
    const { model, embeddingModel } = modelNames(variables);
    await prepareDataFolder(folder);
    const adapters = openEmbeddedAdapters({ folder, embeddingModel, clock: systemClock, logger });
    cleanUps.push(() => adapters.close());
    const ledger = createStoredLedger(adapters.documents);
    const connected = await connectModel(variables, { ledger, clock: systemClock, logger });
    cleanUps.push(() => connected.close());
    const { services, gateway } = createServices(variables, logger, adapters, connected.client);
    await startAll(services);
    cleanUps.push(() =>
      stopAll(services, { deadlineMs: variables.BERKAS_STOP_DEADLINE_MS, logger }),
    );
    const { url } = gateway.address();
    await writeServerFile(folder, url);
    cleanUps.push(() => removeServerFile(folder));
    return { url, model };
  };

  return {
    start: async () => {
      try {
        return await start();
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
  };
}

/** In the order of their start: whoever reads before whoever writes, the gateway last. */
function createServices(
  variables: Variables,
  logger: Logger,
  adapters: Adapters,
  model: Awaited<ReturnType<typeof connectModel>>['client'],
) {
  const knowledge = createKnowledgeReader(adapters.blobs);
  const retry = { patienceMs: variables.EVENT_RETRY_PATIENCE_MS };
  const common = { ...adapters, model, knowledge, retry, clock: systemClock, logger };
  const evaluator = { ...common, concurrency: variables.EVALUATOR_CONCURRENCY };
  const extractor = createPdfExtractor({
    maxPages: variables.PDF_MAX_PAGES,
    timeoutMs: variables.PDF_TIMEOUT_MS,
    memoryLimitMb: variables.PDF_MEMORY_LIMIT_MB,
    logger,
  });
  const workers: Service[] = [
    createStatus({ ...common, concurrency: LOCAL_CONCURRENCY }),
    createSynthesizer(evaluator),
    createCvEvaluator(evaluator),
    createProjectEvaluator(evaluator),
    createIngest({ ...common, extractor, concurrency: variables.INGEST_CONCURRENCY }),
  ];
  const gateway = createGateway({
    ...common,
    config: gatewayConfig(variables),
    knowledgeFolder: variables.BERKAS_KNOWLEDGE_DIR,
    checks: () => ({
      model: model.health(),
      ...Object.fromEntries(workers.flatMap((worker) => Object.entries(worker.health()))),
    }),
  });
  return { services: [...workers, gateway], gateway };
}
