import { HealthResponse } from '@berkas/contracts';
import { z } from 'zod';
import {
  headersOf,
  problemResponses,
  requestHeaders,
  type Operation,
} from '../openapi/operation.ts';

const content = { 'application/json': { schema: HealthResponse } };
const headers = headersOf({ 'Cache-Control': z.literal('no-store') });

export const aliveOperation = (): Operation => ({
  operationId: 'alive',
  summary: 'Is the process alive?',
  requestParams: { header: requestHeaders },
  responses: { '200': { description: 'It is.', headers, content }, ...problemResponses([]) },
});

export const readyOperation = (): Operation => ({
  operationId: 'ready',
  summary: 'Can it do its work?',
  requestParams: { header: requestHeaders },
  responses: {
    '200': { description: 'All checks are well.', headers, content },
    '503': {
      description: 'Not now: `checks` says what is wrong.',
      headers,
      content,
    },
    ...problemResponses([]),
  },
});
