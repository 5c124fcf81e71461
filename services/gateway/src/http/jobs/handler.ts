import type { JobsResponse } from '@berkas/contracts';
import type { Middleware } from 'koa';
import type { CatalogJob } from '../../knowledge/catalog.ts';

/** `GET /jobs`: the jobs an application can be evaluated for. */
export const jobsHandler =
  ({ jobs }: { readonly jobs: readonly CatalogJob[] }): Middleware =>
  (ctx) => {
    ctx.body = {
      jobs: jobs.map(({ id, title, versions }) => ({ id, title, version: versions.job.version })),
    } satisfies JobsResponse;
  };
