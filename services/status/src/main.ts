import { runService } from '@berkas/composition';
import { z } from 'zod';
import { createService } from './service.ts';

process.exit(
  await runService(
    {
      name: 'status',
      defaultPort: 8085,
      ports: ['bus', 'blobs', 'documents'],
      variables: {
        /** Events of each topic that are projected at once. */
        STATUS_CONCURRENCY: z.coerce.number().int().min(1).max(1000).default(16),
      },
      create: (deps, { STATUS_CONCURRENCY: concurrency }) =>
        createService({ ...deps, concurrency }),
    },
    process.env,
  ),
);
