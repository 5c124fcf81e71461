import {
  readModelCollections,
  serviceStates,
  type DeadLetter,
  type DocumentView,
  type EvaluationView,
  type ServiceState,
} from '@berkas/contracts';
import { publishEvents, type EventBus } from '@berkas/messaging';
import type {
  Clock,
  HealthCheck,
  HealthChecks,
  Logger,
  Metrics,
  Service,
} from '@berkas/service-kit';
import type {
  BlobStore,
  CollectionDefinition,
  DocumentStore,
  StoredDocument,
} from '@berkas/storage';
import { createBacklog } from './backlog.ts';
import { collections } from './collections.ts';
import type { GatewayConfig } from './config.ts';
import { createLetterDesk } from './dead-letters/letter-desk.ts';
import type { LetterDecision } from './domain/decide-letter.ts';
import {
  eventsOfEvaluation,
  eventsOfUpload,
  type DocumentRecord,
  type EvaluationRecord,
  type UploadRecord,
} from './domain/records.ts';
import { createApp } from './http/app.ts';
import { createQueueLimit } from './http/limits/queue-limit.ts';
import { createLingering, type Lingering } from './http/lingering.ts';
import { listen, type HttpServer } from './http/server.ts';
import { createIdempotencyKeys, type KeyRecord } from './idempotency.ts';
import type { KnowledgeCatalog } from './knowledge/catalog.ts';
import { loadKnowledge } from './knowledge/load.ts';
import { publishKnowledge, type PublishedKnowledge } from './knowledge/publish.ts';
import { createOutbox } from './outbox.ts';
import { createServiceStates } from './service-states.ts';
import { createStuckWork } from './sweep/stuck-work.ts';
import { createSweeper, type Sweeper } from './sweeper.ts';

export type GatewayDependencies = {
  readonly config: GatewayConfig;
  readonly bus: EventBus;
  readonly blobs: BlobStore;
  readonly documents: DocumentStore;
  /** Holds `jobs/`, `briefs/` and `rubrics/`. */
  readonly knowledgeFolder: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Checks of what the gateway depends on, for `GET /readyz`. */
  readonly checks?: () => HealthChecks;
  /** Served at `GET /metrics` where given. */
  readonly metrics?: Metrics;
};

export interface Gateway extends Service {
  /** Where it listens, as `http://host:port`. Throws while it does not. */
  address(): { url: string };
}

/** The REST API: HTTP in, events out. */
export function createService(deps: GatewayDependencies): Gateway {
  let running: { server: HttpServer; sweepers: readonly Sweeper[]; stores: Stores } | undefined;
  let stopped: Promise<void> | undefined;

  const health = (): Record<string, HealthCheck> => ({
    'gateway.requests':
      running !== undefined && stopped === undefined
        ? { status: 'ok', detail: 'Knowledge is published and requests are taken.' }
        : { status: 'failed', detail: 'Not started yet, or stopping.' },
  });

  return {
    name: 'gateway',
    health,
    address: () => {
      if (running === undefined) throw new Error('The gateway does not listen yet.');
      return { url: running.server.url };
    },
    start: async () => {
      const catalog = await loadKnowledge(deps.knowledgeFolder);
      const stores = await openStores(deps);
      await publishFresh(deps, stores, catalog);
      const sweepers = sweepersOf(deps, stores);
      for (const sweeper of sweepers) await sweeper.start();
      const lingering = createLingering({
        maxBytes: 2 * deps.config.maxUploadBytes,
        maxMs: LINGER_MS,
      });
      const app = appOf(deps, stores, catalog, lingering, health);
      const server = await listen(app.callback(), {
        ...deps.config,
        maxConnections: maxConnections(deps.config),
        onClosing: () => lingering.cut(),
      }).catch(async (error: unknown) => {
        await stopSweepers(sweepers);
        throw error;
      });
      running = { server, sweepers, stores };
      deps.logger.info({ url: server.url, jobs: catalog.jobs.length }, 'gateway listens');
    },
    stop: () => {
      stopped ??= (async () => {
        await running?.server.close();
        await stopSweepers(running?.sweepers ?? []);
        // What is still accepted then is published after the next start.
        const { stopDeadlineMs } = deps.config;
        await Promise.all([
          running?.stores.uploadOutbox.settled(stopDeadlineMs),
          running?.stores.evaluationOutbox.settled(stopDeadlineMs),
          running?.stores.desk.outbox.settled(stopDeadlineMs),
        ]);
      })();
      return stopped;
    },
  };
}

const LINGER_MS = 10_000;

/** Browsers keep several connections open, and probes need one at any time. */
const maxConnections = ({ maxConcurrentRequests }: GatewayConfig): number =>
  Math.max(1024, 4 * maxConcurrentRequests);

async function openStores({ documents, bus, clock, logger }: GatewayDependencies) {
  const publish = (events: Parameters<typeof publishEvents>[1]): Promise<void> =>
    publishEvents(bus, events);
  const open = <Document extends StoredDocument>(definition: CollectionDefinition<Document>) =>
    documents.collection(definition);
  const uploads = await open<UploadRecord>(collections.uploads);
  const evaluations = await open<EvaluationRecord>(collections.evaluations);
  const evaluationViews = await open<EvaluationView>(readModelCollections.evaluations);
  const letters = await open<DeadLetter>(readModelCollections.deadLetters);
  const evaluationOutbox = createOutbox({
    collection: evaluations,
    eventsOf: eventsOfEvaluation,
    publish,
    logger,
  });
  return {
    publish,
    evaluations,
    documents: await open<DocumentRecord>(collections.documents),
    uploadKeys: await open<KeyRecord<UploadRecord>>(collections.uploadKeys),
    evaluationKeys: await open<KeyRecord<EvaluationRecord>>(collections.evaluationKeys),
    knowledge: await open<PublishedKnowledge>(collections.knowledge),
    evaluationViews,
    documentViews: await open<DocumentView>(readModelCollections.documents),
    serviceStates: await open<ServiceState>(serviceStates),
    uploadOutbox: createOutbox({
      collection: uploads,
      eventsOf: eventsOfUpload,
      publish,
      logger,
    }),
    evaluationOutbox,
    letters,
    desk: createLetterDesk({
      letters,
      decisions: await open<LetterDecision>(collections.redrives),
      ...{ evaluations, evaluationViews, evaluationOutbox, clock, logger },
      publish: (messages) => bus.publish(messages),
    }),
  };
}

type Stores = Awaited<ReturnType<typeof openStores>>;

async function publishFresh(
  { blobs, clock, logger }: GatewayDependencies,
  { knowledge, publish }: Stores,
  catalog: KnowledgeCatalog,
): Promise<void> {
  const count = await publishKnowledge({ blobs, published: knowledge, publish, clock }, catalog);
  logger.info({ published: count, known: catalog.entries.length }, 'knowledge is published');
}

/** What is still to be published, and what got lost after it was. */
function sweepersOf({ config, clock, logger }: GatewayDependencies, stores: Stores): Sweeper[] {
  const { stuckAfterMs } = config;
  const stuckWork = createStuckWork({ ...stores, clock, logger, stuckAfterMs });
  return [
    createSweeper({
      sweep: () => sweepOutboxes(stores),
      intervalMs: config.outboxIntervalMs,
      logger,
    }),
    createSweeper({
      sweep: async () => {
        await stuckWork.sweep();
        return 0;
      },
      intervalMs: config.stuckSweepIntervalMs,
      logger,
      failed: 'stuck work cannot be looked for, or published again',
      pausesFirst: true,
    }),
  ];
}

const stopSweepers = (sweepers: readonly Sweeper[]): Promise<unknown> =>
  Promise.all(sweepers.map((sweeper) => sweeper.stop()));

/** Documents first: an evaluation that was accepted with them comes after them. */
async function sweepOutboxes({ uploadOutbox, evaluationOutbox, desk }: Stores): Promise<number> {
  let delivered = 0;
  for (const outbox of [uploadOutbox, evaluationOutbox, desk.outbox]) {
    delivered += await outbox.deliverPending();
  }
  return delivered;
}

function appOf(
  deps: GatewayDependencies,
  stores: Stores,
  { jobs }: KnowledgeCatalog,
  lingering: Lingering,
  ownChecks: () => Record<string, HealthCheck>,
) {
  const { blobs, clock, logger, config } = deps;
  const { documents, evaluations, evaluationViews, documentViews } = stores;
  const readStates = createServiceStates({ collection: stores.serviceStates, clock });
  const queueLimit = createQueueLimit({
    backlog: createBacklog({ states: readStates, clock, logger }),
    maxQueued: config.maxQueued,
  });
  return createApp({
    upload: {
      blobs,
      documents,
      keys: createIdempotencyKeys('upload', stores.uploadKeys),
      outbox: stores.uploadOutbox,
      queueLimit,
      maxUploadBytes: config.maxUploadBytes,
      clock,
      logger,
    },
    evaluate: {
      jobs,
      documents,
      keys: createIdempotencyKeys('evaluate', stores.evaluationKeys),
      outbox: stores.evaluationOutbox,
      queueLimit,
      clock,
    },
    deadLetters: {
      operatorToken: config.operatorToken,
      letters: stores.letters,
      desk: stores.desk,
    },
    result: {
      accepted: evaluations,
      evaluationViews,
      documentViews,
      serviceStates: readStates,
      clock,
    },
    health: { ownChecks, otherChecks: deps.checks ?? (() => ({})) },
    metrics: deps.metrics,
    limits: config,
    lingering,
    logger,
  });
}
