import { EvaluateRequest, EvaluateResponse } from '@berkas/contracts';
import { z } from 'zod';
import {
  headersOf,
  problemResponses,
  repeatableRequestHeaders,
  type Operation,
} from '../openapi/operation.ts';

const REQUEST: EvaluateRequest = {
  job_title: 'Product Engineer (Backend)',
  cv_id: 'doc_0f8c2a6d4b1e93755c7a0d12',
  project_report_id: 'doc_a1d94e07b3c25f8866e0f3b9',
};

const RESPONSE: EvaluateResponse = { id: 'eval_5b0e7f3a9c2d41e8867f0a1b', status: 'queued' };

export const evaluateOperation = (): Operation => ({
  operationId: 'evaluate',
  summary: 'Ask for an evaluation',
  description:
    'Accepts at once and works behind it. The job is named by its title, whatever the case and the spaces, or by its id.',
  requestParams: { header: repeatableRequestHeaders },
  requestBody: {
    required: true,
    content: { 'application/json': { schema: EvaluateRequest, example: REQUEST } },
  },
  responses: {
    '202': {
      description: 'Accepted, and never lost from here on. Ask GET /result/{id} how it goes.',
      headers: headersOf({
        Location: z
          .string()
          .meta({ description: 'Where the result is.', example: `/result/${RESPONSE.id}` }),
      }),
      content: { 'application/json': { schema: EvaluateResponse, example: RESPONSE } },
      links: {
        result: { operationId: 'result', parameters: { id: '$response.body#/id' } },
      },
    },
    ...problemResponses([
      'not_ready',
      'overloaded',
      'too_many_queued',
      'body_malformed',
      'field_invalid',
      'body_too_large',
      'media_type_unsupported',
      'job_unknown',
      'document_unknown',
      'document_wrong_kind',
      'idempotency_key_invalid',
      'idempotency_key_reused',
    ]),
  },
});
