import Router from '@koa/router';
import type { Logger, Metrics } from '@berkas/service-kit';
import Koa from 'koa';
import { errorResponses, noRoute } from './errors.ts';
import { evaluateHandler, type EvaluateDependencies } from './evaluate/handler.ts';
import { aliveHandler, readyHandler, type HealthDependencies } from './health/handler.ts';
import { homeHandler } from './home/handler.ts';
import { jobsHandler } from './jobs/handler.ts';
import type { Lingering } from './lingering.ts';
import { metricsHandler } from './metrics/handler.ts';
import { openApiHandler } from './openapi/document.ts';
import { requestLog } from './request-log.ts';
import { resultHandler, type ResultDependencies } from './result/handler.ts';
import { uploadHandler, type UploadDependencies } from './upload/handler.ts';

export type AppDependencies = {
  readonly upload: UploadDependencies;
  readonly evaluate: EvaluateDependencies;
  readonly result: ResultDependencies;
  readonly health: HealthDependencies;
  readonly metrics: Metrics | undefined;
  readonly lingering: Lingering;
  readonly logger: Logger;
};

/** All routes of the gateway. */
export function createApp(deps: AppDependencies): Koa {
  const router = new Router();
  router.get('/', homeHandler());
  router.post('/upload', uploadHandler(deps.upload));
  router.post('/evaluate', evaluateHandler(deps.evaluate));
  router.get('/result/:id', resultHandler(deps.result));
  router.get('/jobs', jobsHandler(deps.evaluate));
  router.get('/openapi.json', openApiHandler(deps.upload));
  router.get('/healthz', aliveHandler());
  router.get('/readyz', readyHandler(deps.health));
  if (deps.metrics !== undefined) router.get('/metrics', metricsHandler(deps.metrics));

  const app = new Koa();
  // Without a listener Koa prints to standard error, past the logger.
  // The error is not logged whole: a parser's holds the raw bytes it read, a CV's among them.
  app.on('error', ({ code, message }: NodeJS.ErrnoException) =>
    deps.logger.warn({ code, reason: message }, 'response broke off'),
  );
  app.use(requestLog(deps.logger));
  app.use(deps.lingering.middleware);
  app.use(errorResponses(deps.logger));
  app.use(router.routes());
  app.use(noRoute);
  return app;
}
