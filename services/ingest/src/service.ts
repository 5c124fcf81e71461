import {
  createConsumer,
  createConsumerService,
  type ConsumerDeps,
  type EventHandler,
} from '@berkas/messaging';
import type { Service } from '@berkas/service-kit';
import type { DocumentStore } from '@berkas/storage';
import type { PdfExtractor } from './extraction/index.ts';
import { documentUploadedHandler } from './handlers/document-uploaded.ts';
import { evaluationRequestedHandler } from './handlers/evaluation-requested.ts';
import { knowledgePublishedHandler } from './handlers/knowledge-published.ts';
import type { IndexingDeps } from './indexing.ts';
import { createPreparation } from './preparation.ts';

const NAME = 'ingest';

export type Deps = ConsumerDeps &
  IndexingDeps & {
    readonly documents: DocumentStore;
    /** Closed by the service when it stops. */
    readonly extractor: PdfExtractor;
    /** Documents read at once, and evaluations prepared at once. */
    readonly concurrency: number;
  };

/** Reads documents into text, passages and vectors, and prepares evaluations. */
export function createService(deps: Deps): Service {
  const logger = deps.logger.child({ service: NAME });
  const preparation = createPreparation(deps);
  // Three subscriptions, so that reading a slow PDF never holds up a request or a publication.
  const consume = <Data>(handler: EventHandler<Data>) =>
    createConsumer({ ...deps, logger, group: NAME, concurrency: deps.concurrency, handler });

  return createConsumerService(
    NAME,
    {
      'knowledge-published': consume(knowledgePublishedHandler(deps)),
      'document-uploaded': consume(documentUploadedHandler({ ...deps, logger, preparation })),
      'evaluation-requested': consume(evaluationRequestedHandler(preparation)),
    },
    () => deps.extractor.close(),
  );
}
