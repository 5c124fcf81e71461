import { EvaluationId, ResultResponse } from '@berkas/contracts';
import { z } from 'zod';
import {
  headersOf,
  problemResponses,
  requestHeaders,
  type Operation,
} from '../openapi/operation.ts';

const about = {
  id: 'eval_5b0e7f3a9c2d41e8867f0a1b',
  job_title: 'Product Engineer (Backend)',
  requested_at: '2025-01-15T09:30:00.000Z',
};

const EXAMPLES: Record<'queued' | 'processing' | 'failed', { value: ResultResponse }> = {
  queued: {
    value: {
      ...about,
      updated_at: '2025-01-15T09:30:00.000Z',
      status: 'queued',
      stage: {
        name: 'reading',
        waiting_for: ['cv', 'project_report'],
        since: '2025-01-15T09:30:00.000Z',
        held_up: [],
      },
    },
  },
  processing: {
    value: {
      ...about,
      updated_at: '2025-01-15T09:30:04.000Z',
      status: 'processing',
      stage: {
        name: 'scoring',
        waiting_for: ['project_scores'],
        since: '2025-01-15T09:30:02.000Z',
        held_up: [
          {
            service: 'project-evaluator',
            reason: 'dependency_away',
            since: '2025-01-15T09:29:40.000Z',
            detail: 'The language model does not answer.',
          },
        ],
      },
    },
  },
  failed: {
    value: {
      ...about,
      updated_at: '2025-01-15T09:30:02.000Z',
      status: 'failed',
      error: {
        code: 'pdf_encrypted',
        stage: 'reading',
        document_id: 'doc_0f8c2a6d4b1e93755c7a0d12',
        document_kind: 'cv',
        reason: 'CV: The PDF is protected by a password. Save it without one and upload it again.',
      },
    },
  },
};

export const resultOperation = (): Operation => ({
  operationId: 'result',
  summary: 'How an evaluation goes, or its result',
  description:
    'Every evaluation ends as `completed` or `failed`; until then, ask again. What keeps an unfinished one from getting on is in `held_up`.',
  requestParams: {
    path: z.object({ id: EvaluationId.meta({ description: 'The id from POST /evaluate.' }) }),
    header: requestHeaders,
  },
  responses: {
    '200': {
      description: 'What is known of it now.',
      headers: headersOf({
        'Cache-Control': z.literal('no-store'),
        'Retry-After': z.string().optional().meta({
          description: 'Seconds to wait before asking again; while it is unfinished.',
          example: '1',
        }),
      }),
      content: { 'application/json': { schema: ResultResponse, examples: EXAMPLES } },
    },
    ...problemResponses(['not_ready', 'overloaded', 'field_invalid', 'evaluation_unknown']),
  },
});
