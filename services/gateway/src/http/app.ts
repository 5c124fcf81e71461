import Router from '@koa/router';
import type { Logger, Metrics } from '@berkas/service-kit';
import Koa from 'koa';
import {
  dropHandler,
  listHandler,
  redriveHandler,
  showHandler,
  type DeadLetterDependencies,
} from './dead-letters/handler.ts';
import { operatorsOnly } from './dead-letters/operator.ts';
import { errorResponses, noRoute } from './errors.ts';
import { evaluateHandler, type EvaluateDependencies } from './evaluate/handler.ts';
import { aliveHandler, readyHandler, type HealthDependencies } from './health/handler.ts';
import { homeHandler } from './home/handler.ts';
import { jobsHandler } from './jobs/handler.ts';
import { createPlaces } from './limits/places.ts';
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
  readonly deadLetters: DeadLetterDependencies;
  readonly health: HealthDependencies;
  readonly metrics: Metrics | undefined;
  readonly limits: {
    readonly maxConcurrentRequests: number;
    readonly maxConcurrentUploads: number;
  };
  readonly lingering: Lingering;
  readonly logger: Logger;
};

/** All routes of the gateway. */
export function createApp(deps: AppDependencies): Koa {
  const places = placesOf(deps.limits);
  // Whoever watches the gateway has to be answered most of all when it is overloaded.
  const probes = new Router();
  probes.get('/healthz', aliveHandler());
  probes.get('/readyz', readyHandler(deps.health));
  if (deps.metrics !== undefined) probes.get('/metrics', metricsHandler(deps.metrics));

  const router = new Router();
  router.get('/', homeHandler());
  router.post('/upload', places.uploads, uploadHandler(deps.upload));
  router.post('/evaluate', evaluateHandler(deps.evaluate));
  router.get('/result/:id', resultHandler(deps.result));
  router.get('/jobs', jobsHandler(deps.evaluate));
  router.get('/openapi.json', openApiHandler(deps.upload));
  const operators = operatorsOnly(deps.deadLetters.operatorToken);
  router.get('/dead-letters', operators, listHandler(deps.deadLetters));
  router.get('/dead-letters/:id', operators, showHandler(deps.deadLetters));
  router.post('/dead-letters/:id/redrive', operators, redriveHandler(deps.deadLetters));
  router.post('/dead-letters/:id/drop', operators, dropHandler(deps.deadLetters));

  const app = new Koa();
  // Without a listener Koa prints to standard error, past the logger.
  // The error is not logged whole: a parser's holds the raw bytes it read, a CV's among them.
  app.on('error', ({ code, message }: NodeJS.ErrnoException) =>
    deps.logger.warn({ code, reason: message }, 'response broke off'),
  );
  app.use(requestLog(deps.logger));
  app.use(deps.lingering.middleware);
  app.use(errorResponses(deps.logger));
  app.use(probes.routes());
  app.use(places.requests);
  app.use(router.routes());
  app.use(noRoute);
  return app;
}

const placesOf = ({ maxConcurrentRequests, maxConcurrentUploads }: AppDependencies['limits']) => ({
  requests: createPlaces({ places: maxConcurrentRequests, what: 'requests', retryAfterSeconds: 1 }),
  uploads: createPlaces({ places: maxConcurrentUploads, what: 'uploads', retryAfterSeconds: 5 }),
});
