import {
  flowOf,
  modelNames,
  openPorts,
  retryOf,
  type OpenPorts,
  type PortName,
} from '@berkas/composition';
import { createService as createCvEvaluator } from '@berkas/cv-evaluator';
import { createService as createGateway, gatewayConfig } from '@berkas/gateway';
import { createService as createIngest, extractorLimits } from '@berkas/ingest';
import { createPdfExtractor } from '@berkas/ingest/extraction';
import { createService as createProjectEvaluator } from '@berkas/project-evaluator';
import { createKnowledgeReader } from '@berkas/scoring';
import {
  createMetrics,
  startAll,
  stopAll,
  systemClock,
  type HealthChecks,
  type Logger,
  type Service,
} from '@berkas/service-kit';
import { createService as createStatus } from '@berkas/status';
import { createService as createSynthesizer } from '@berkas/synthesizer';
import type { Variables } from './config.ts';
import { prepareDataFolder } from './data-folder.ts';
import { removeServerFile, writeServerFile } from './server-file.ts';

export interface Berkas {
  /** Resolves once it can serve. */
  start(): Promise<{ url: string; model: string }>;
  /** Finishes or gives back what is under way; a start under way rejects. Safe to repeat. */
  stop(): Promise<void>;
}

const EVERY_PORT = ['bus', 'blobs', 'documents', 'search', 'model'] as const;
/** Handlers of a service that only computes and stores; they wait for nobody. */
const LOCAL_CONCURRENCY = 16;

/**
 * The six services in one process, speaking through the event bus alone: on the embedded adapters,
 * or on servers, each whose address is set.
 */
export function createBerkas(variables: Variables, { logger }: { logger: Logger }): Berkas {
  const folder = variables.BERKAS_DATA_DIR;
  const stopping = new AbortController();
  /** Undone in reverse, whatever was reached. */
  const cleanUps: (() => Promise<void>)[] = [];

  const undoAll = async (): Promise<void> => {
    for (let undo = cleanUps.pop(); undo !== undefined; undo = cleanUps.pop()) {
      await undo().catch((error: unknown) => {
        logger.warn({ err: error }, 'stopped with an error');
      });
    }
  };
  // One after the other: a start that a stop cut short undoes what it reached, too.
  let undone = Promise.resolve();
  const stop = (): Promise<void> => {
    stopping.abort();
    return (undone = undone.then(undoAll));
  };

  const start = async (): Promise<{ url: string; model: string }> => {
    await prepareDataFolder(folder);
    const opened = await openPorts(EVERY_PORT, variables, {
      name: 'berkas',
      embeddedFolder: folder,
      clock: systemClock,
      logger,
      signal: stopping.signal,
    });
    cleanUps.push(() => opened.close());
    stopping.signal.throwIfAborted();
    const { services, gateway } = createServices(variables, logger, opened);
    await startAll(services);
    cleanUps.push(() =>
      stopAll(services, { deadlineMs: variables.BERKAS_STOP_DEADLINE_MS, logger }),
    );
    stopping.signal.throwIfAborted();
    const { url } = gateway.address();
    await writeServerFile(folder, url);
    cleanUps.push(() => removeServerFile(folder));
    return { url, model: modelNames(variables).model };
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
  { ports, breakers }: OpenPorts<PortName>,
) {
  const knowledge = createKnowledgeReader(ports.blobs);
  const retry = retryOf(variables);
  const common = { ...ports, knowledge, retry, clock: systemClock, logger };
  const concurrency = variables.EVALUATOR_CONCURRENCY;
  const flow = flowOf({ breakers }, EVERY_PORT);
  const extractor = createPdfExtractor({ ...extractorLimits(variables), logger });
  const workers: Service[] = [
    createStatus({
      ...common,
      flow: flowOf({ breakers }, ['blobs', 'documents']),
      concurrency: LOCAL_CONCURRENCY,
    }),
    createSynthesizer({
      ...common,
      flow: flowOf({ breakers }, ['blobs', 'documents', 'model']),
      concurrency,
    }),
    createCvEvaluator({ ...common, flow, concurrency }),
    createProjectEvaluator({ ...common, flow, concurrency }),
    createIngest({ ...common, flow, extractor, concurrency: variables.INGEST_CONCURRENCY }),
  ];
  const all = () => [...breakers.values()];
  const checks = (): HealthChecks =>
    Object.fromEntries([
      ...all().map((breaker) => [breaker.name, breaker.health()] as const),
      ...workers.flatMap((worker) => Object.entries(worker.health())),
    ]);
  const gateway = createGateway({
    ...common,
    config: gatewayConfig(variables),
    knowledgeFolder: variables.BERKAS_KNOWLEDGE_DIR,
    checks,
    metrics: createMetrics({ service: 'berkas', breakers: all, checks }),
  });
  return { services: [...workers, gateway], gateway };
}
