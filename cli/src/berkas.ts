import { randomBytes, randomUUID } from 'node:crypto';
import {
  breakersOf,
  createServiceReport,
  flowOf,
  modelNames,
  namesServer,
  openPorts,
  retryOf,
  type FlowOptions,
  type OpenPorts,
  type PortName,
} from '@berkas/composition';
import type { WorkerName } from '@berkas/contracts';
import { createService as createCvEvaluator } from '@berkas/cv-evaluator';
import { createService as createGateway, gatewayConfig } from '@berkas/gateway';
import { createService as createIngest, extractorLimits } from '@berkas/ingest';
import { createPdfExtractor } from '@berkas/ingest/extraction';
import { createService as createProjectEvaluator } from '@berkas/project-evaluator';
import { budgetLimits, createCallBudgets, createKnowledgeReader } from '@berkas/scoring';
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
/** What a service waits for while it is away. */
const NEEDS = {
  status: ['blobs', 'documents'],
  synthesizer: ['blobs', 'documents', 'model'],
  'cv-evaluator': EVERY_PORT,
  'project-evaluator': EVERY_PORT,
  ingest: EVERY_PORT,
} as const satisfies Record<WorkerName, readonly PortName[]>;
/** Only the first model can embed documents. */
const optionsOf = (name: string): FlowOptions => ({ fallsBack: name !== 'ingest' });
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
    const { BERKAS_OPERATOR_TOKEN: configured } = variables;
    // One that is configured is kept by whoever configured it; nothing else need be on the disk.
    const made = configured === undefined ? { token: newToken() } : {};
    const operated = { ...variables, BERKAS_OPERATOR_TOKEN: configured ?? made.token };
    const { services, gateway } = createServices(operated, logger, opened);
    await startAll(services);
    cleanUps.push(() =>
      stopAll(services, { deadlineMs: variables.BERKAS_STOP_DEADLINE_MS, logger }),
    );
    stopping.signal.throwIfAborted();
    const { url } = gateway.address();
    await writeServerFile(folder, { url, ...made });
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

const newToken = (): string => randomBytes(24).toString('base64url');

/** In the order of their start: whoever reads before whoever writes, the gateway last. */
function createServices(
  variables: Variables,
  logger: Logger,
  { ports, breakers }: OpenPorts<PortName>,
) {
  const knowledge = createKnowledgeReader(ports.blobs);
  const retry = retryOf(variables);
  const budgets = createCallBudgets({
    ...ports,
    ...budgetLimits(variables),
    // Only one process at a time is on a data folder.
    caller: namesServer(variables, 'documents') ? randomUUID() : 'berkas',
    clock: systemClock,
  });
  const common = { ...ports, knowledge, budgets, retry, clock: systemClock, logger };
  const concurrency = variables.EVALUATOR_CONCURRENCY;
  const depsOf = (name: WorkerName) => ({
    ...common,
    flow: flowOf({ breakers }, NEEDS[name], optionsOf(name)),
  });
  const extractor = createPdfExtractor({ ...extractorLimits(variables), logger });
  const working: Record<WorkerName, Service> = {
    status: createStatus({ ...depsOf('status'), concurrency: LOCAL_CONCURRENCY }),
    synthesizer: createSynthesizer({ ...depsOf('synthesizer'), concurrency }),
    'cv-evaluator': createCvEvaluator({ ...depsOf('cv-evaluator'), concurrency }),
    'project-evaluator': createProjectEvaluator({ ...depsOf('project-evaluator'), concurrency }),
    ingest: createIngest({
      ...depsOf('ingest'),
      extractor,
      concurrency: variables.INGEST_CONCURRENCY,
    }),
  };
  const workers = Object.values(working);
  const reports = Object.entries(working).map(([name, service]) =>
    createServiceReport({
      service,
      breakers: breakersOf({ breakers }, NEEDS[name as WorkerName], optionsOf(name)),
      documents: ports.documents,
      clock: systemClock,
      logger,
    }),
  );
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
  return { services: [...workers, ...reports, gateway], gateway };
}
