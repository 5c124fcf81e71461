import {
  DeadLetterDetail,
  DeadLettersResponse,
  EvaluateRequest,
  EvaluateResponse,
  EvaluationResult,
  HealthResponse,
  JobsResponse,
  Problem,
  RedriveResponse,
  ResultResponse,
  UploadResponse,
} from '@berkas/contracts';
import { SERVICE_VERSION } from '@berkas/service-kit';
import type { Middleware } from 'koa';
import { createDocument } from 'zod-openapi';
import {
  dropOperation,
  listOperation,
  OPERATOR_SCHEME,
  operatorScheme,
  redriveOperation,
  showOperation,
} from '../dead-letters/schema.ts';
import { evaluateOperation } from '../evaluate/schema.ts';
import { aliveOperation, readyOperation } from '../health/schema.ts';
import { jobsOperation } from '../jobs/schema.ts';
import { resultOperation } from '../result/schema.ts';
import { uploadOperation } from '../upload/schema.ts';

/** OpenAPI 3.1 of the whole API, made from the schemas that requests are checked with. */
export const createOpenApi = ({
  maxUploadBytes,
}: {
  maxUploadBytes: number;
}): ReturnType<typeof createDocument> =>
  createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Berkas',
      version: SERVICE_VERSION,
      description:
        'Screens job applications: a CV and a project report in, scores with reasons, quoted evidence and a receipt out. Errors are RFC 9457 problem documents with a stable `code`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths: {
      '/upload': { post: uploadOperation(maxUploadBytes) },
      '/evaluate': { post: evaluateOperation() },
      '/result/{id}': { get: resultOperation() },
      '/jobs': { get: jobsOperation() },
      '/dead-letters': { get: listOperation() },
      '/dead-letters/{id}': { get: showOperation() },
      '/dead-letters/{id}/redrive': { post: redriveOperation() },
      '/dead-letters/{id}/drop': { post: dropOperation() },
      '/healthz': { get: aliveOperation() },
      '/readyz': { get: readyOperation() },
    },
    components: {
      securitySchemes: { [OPERATOR_SCHEME]: operatorScheme },
      schemas: {
        DeadLetterDetail,
        DeadLettersResponse,
        EvaluateRequest,
        EvaluateResponse,
        EvaluationResult,
        HealthResponse,
        JobsResponse,
        Problem,
        RedriveResponse,
        ResultResponse,
        UploadResponse,
      },
    },
  });

/** `GET /openapi.json`. */
export function openApiHandler(options: { maxUploadBytes: number }): Middleware {
  const document = JSON.stringify(createOpenApi(options));
  return (ctx) => {
    ctx.body = document;
    ctx.type = 'application/json';
  };
}
