import {
  cvEvaluated,
  evaluationPrepared,
  evaluationRequested,
  projectEvaluated,
} from '@berkas/contracts';
import {
  createConsumer,
  createConsumerService,
  type ConsumerDeps,
  type EventHandler,
} from '@berkas/messaging';
import type { Service } from '@berkas/service-kit';
import type { BlobStore, DocumentStore } from '@berkas/storage';
import { letterConsumers } from './dead-letters/record-letters.ts';
import { requestAbout } from './domain/project.ts';
import { documentIngestedHandler, documentUploadedHandler } from './handlers/documents.ts';
import { evaluationClosedHandler, evaluationHandler } from './handlers/evaluations.ts';

const NAME = 'status';

export type Deps = ConsumerDeps & {
  readonly blobs: BlobStore;
  readonly documents: DocumentStore;
  readonly concurrency: number;
};

/** Projects every event, and every one that was given up, into the read model of the gateway. */
export function createService(deps: Deps): Service {
  const { documents, blobs, concurrency } = deps;
  const logger = deps.logger.child({ service: NAME });
  const consume = <Data>(handler: EventHandler<Data>) =>
    createConsumer({ ...deps, logger, group: NAME, concurrency, handler });
  const same = <About>(about: About): About => about;

  return createConsumerService(NAME, {
    'document-uploaded': consume(documentUploadedHandler(documents)),
    'document-ingested': consume(documentIngestedHandler(documents)),
    'evaluation-requested': consume(
      evaluationHandler(documents, evaluationRequested, requestAbout, (data) => ({
        name: 'requested',
        data,
      })),
    ),
    'evaluation-prepared': consume(
      evaluationHandler(documents, evaluationPrepared, same, () => ({ name: 'prepared' })),
    ),
    'cv-evaluated': consume(
      evaluationHandler(documents, cvEvaluated, same, () => ({ name: 'cvEvaluated' })),
    ),
    'project-evaluated': consume(
      evaluationHandler(documents, projectEvaluated, same, () => ({ name: 'projectEvaluated' })),
    ),
    'evaluation-closed': consume(evaluationClosedHandler(documents, blobs)),
    ...letterConsumers({ ...deps, logger, group: NAME }),
  });
}
