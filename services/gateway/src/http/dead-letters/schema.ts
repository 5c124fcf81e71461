import {
  DeadLetterDetail,
  DeadLettersResponse,
  RedriveResponse,
  type DeadLetterSummary,
  type ProblemCode,
} from '@berkas/contracts';
import { z } from 'zod';
import {
  headersOf,
  problemResponses,
  requestHeaders,
  type Operation,
} from '../openapi/operation.ts';
import { LetterId, ListQuery } from './handler.ts';

/** The name of the security scheme that operators' routes need. */
export const OPERATOR_SCHEME = 'operatorToken';

export const operatorScheme = {
  type: 'http',
  scheme: 'bearer',
  description:
    'The value of BERKAS_OPERATOR_TOKEN. `berkas up` makes one of its own where none is set, and keeps it in server.json of the data folder.',
} as const;

const SUMMARY: DeadLetterSummary = {
  id: 'dl_4c1f0a7b9e2d83650f1a2b3c',
  state: 'open',
  group: 'cv-evaluator',
  topic: 'berkas.evaluation-prepared.v1',
  type: 'evaluation-prepared',
  evaluationId: 'eval_5b0e7f3a9c2d41e8867f0a1b',
  code: 'model_unavailable',
  reason: 'ModelError: The model did not answer.',
  attempts: 8,
  at: '2025-01-15T09:30:04.000Z',
};

const DETAIL: DeadLetterDetail = {
  ...SUMMARY,
  partition: 3,
  offset: '42',
  key: 'eval_5b0e7f3a9c2d41e8867f0a1b',
  stack: '    at complete (shared/llm/dist/create-language-model.js:61:13)',
  headers: { ce_id: 'evaluation-prepared.v1:eval_5b0e7f3a9c2d41e8867f0a1b:live' },
  event: { evaluationId: 'eval_5b0e7f3a9c2d41e8867f0a1b', run: 'live' },
};

const REDRIVEN: RedriveResponse = {
  id: SUMMARY.id,
  state: 'redriven',
  action: 'evaluation_reopened',
  evaluation_id: 'eval_5b0e7f3a9c2d41e8867f0a1b',
  round: 1,
};

const aboutOne = {
  path: z.object({ id: LetterId.meta({ description: 'The id from GET /dead-letters.' }) }),
  header: requestHeaders,
};

const answered = <Body>(description: string, schema: z.ZodType<Body>, example: Body) => ({
  description,
  headers: headersOf({ 'Cache-Control': z.literal('no-store') }),
  content: { 'application/json': { schema, example } },
});

const forOperators = (
  operation: Omit<Operation, 'security'>,
  codes: readonly ProblemCode[] = [],
): Operation => ({
  ...operation,
  security: [{ [OPERATOR_SCHEME]: [] }],
  responses: {
    ...operation.responses,
    ...problemResponses(['not_ready', 'overloaded', 'operator_only', 'field_invalid', ...codes]),
  },
});

export const listOperation = (): Operation =>
  forOperators({
    operationId: 'deadLetters',
    summary: 'The events that a group gave up',
    description: 'For operators. Those of one state, in the order of their ids, page by page.',
    requestParams: { query: ListQuery, header: requestHeaders },
    responses: {
      '200': answered('One page.', DeadLettersResponse, { dead_letters: [SUMMARY] }),
    },
  });

export const showOperation = (): Operation =>
  forOperators(
    {
      operationId: 'deadLetter',
      summary: 'One event that a group gave up, with why',
      description: 'For operators. The event as it came, and where in the code it failed.',
      requestParams: aboutOne,
      responses: { '200': answered('All of it.', DeadLetterDetail, DETAIL) },
    },
    ['dead_letter_unknown'],
  );

export const redriveOperation = (): Operation =>
  forOperators(
    {
      operationId: 'redriveDeadLetter',
      summary: 'Do the work again',
      description:
        'For operators. What a stage of an evaluation gave up reopens the evaluation, which goes again as a whole; all its open letters are redriven with it, and answers of the model that were paid for are used again. Any other event is published again for the group that gave it up. Where the evaluation completed in between there is nothing to do, and the letter is dropped.',
      requestParams: aboutOne,
      responses: {
        '200': answered('Decided, and never lost from here on.', RedriveResponse, REDRIVEN),
      },
    },
    ['dead_letter_unknown', 'dead_letter_settled'],
  );

export const dropOperation = (): Operation =>
  forOperators(
    {
      operationId: 'dropDeadLetter',
      summary: 'Do nothing more with it',
      description: 'For operators. The letter is kept as dropped; what failed stays failed.',
      requestParams: aboutOne,
      responses: {
        '200': answered('Dropped.', RedriveResponse, {
          id: SUMMARY.id,
          state: 'dropped',
          action: 'dropped',
        }),
      },
    },
    ['dead_letter_unknown', 'dead_letter_settled'],
  );
