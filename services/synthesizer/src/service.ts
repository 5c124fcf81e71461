import {
  cvEvaluated,
  evaluationPrepared,
  projectEvaluated,
  type EvaluationPart,
  type EvaluationPrepared,
  type PartEvaluated,
} from '@berkas/contracts';
import {
  createConsumer,
  createConsumerService,
  type ConsumerDeps,
  type EventHandler,
} from '@berkas/messaging';
import type { Service } from '@berkas/service-kit';
import type { DocumentStore } from '@berkas/storage';
import type { Fact, Join } from './domain/join.ts';
import { createJoinHandler, type CloseDeps } from './handlers/close.ts';
import { createSynthesis, type SynthesisDeps } from './synthesis.ts';

const NAME = 'synthesizer';

export type Deps = ConsumerDeps &
  SynthesisDeps & { readonly documents: DocumentStore; readonly concurrency: number };

/** Joins the two halves of an evaluation, writes the summary, and alone closes evaluations. */
export function createService(deps: Deps): Service {
  const logger = deps.logger.child({ service: NAME });
  const closeDeps: CloseDeps = {
    joins: () => deps.documents.collection<Join>({ name: 'synthesizer-joins', indexes: [] }),
    synthesize: createSynthesis(deps),
    clock: deps.clock,
  };
  const consume = <Data>(handler: EventHandler<Data>) =>
    createConsumer({ ...deps, logger, group: NAME, concurrency: deps.concurrency, handler });

  return createConsumerService(NAME, {
    'evaluation-prepared': consume(createJoinHandler(closeDeps, evaluationPrepared, preparedFact)),
    'cv-evaluated': consume(createJoinHandler(closeDeps, cvEvaluated, partFact('cv'))),
    'project-evaluated': consume(
      createJoinHandler(closeDeps, projectEvaluated, partFact('project')),
    ),
  });
}

const preparedFact = (data: EvaluationPrepared): Fact =>
  data.outcome === 'failed'
    ? { type: 'failed', failure: data.failure }
    : { type: 'prepared', evaluation: data };

const partFact =
  (part: EvaluationPart) =>
  (data: PartEvaluated): Fact =>
    data.outcome === 'failed'
      ? { type: 'failed', failure: data.failure }
      : { type: 'scored', part };
