import { JobsResponse } from '@berkas/contracts';
import {
  headersOf,
  problemResponses,
  requestHeaders,
  type Operation,
} from '../openapi/operation.ts';

const EXAMPLE: JobsResponse = {
  jobs: [
    {
      id: 'product-engineer-backend',
      title: 'Product Engineer (Backend)',
      version: '4f1c9a70be23d856',
    },
  ],
};

export const jobsOperation = (): Operation => ({
  operationId: 'jobs',
  summary: 'The jobs an application can be evaluated for',
  requestParams: { header: requestHeaders },
  responses: {
    '200': {
      description: 'All jobs, each in its present version.',
      headers: headersOf(),
      content: { 'application/json': { schema: JobsResponse, example: EXAMPLE } },
    },
    ...problemResponses(['overloaded']),
  },
});
