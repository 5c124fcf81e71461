import { runService } from '@berkas/composition';
import { extractorLimits, ingestVariables } from './config.ts';
import { createPdfExtractor } from './extraction/index.ts';
import { createService } from './service.ts';

process.exit(
  await runService(
    {
      name: 'ingest',
      defaultPort: 8081,
      ports: ['bus', 'blobs', 'documents', 'search', 'model'],
      variables: ingestVariables,
      create: (deps, variables) =>
        createService({
          ...deps,
          extractor: createPdfExtractor({ ...extractorLimits(variables), logger: deps.logger }),
          concurrency: variables.INGEST_CONCURRENCY,
        }),
    },
    process.env,
  ),
);
