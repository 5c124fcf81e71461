import { runService } from '@berkas/composition';
import { createKnowledgeReader, evaluatorVariables } from '@berkas/scoring';
import { createService } from './service.ts';

process.exit(
  await runService(
    {
      name: 'synthesizer',
      defaultPort: 8084,
      ports: ['bus', 'blobs', 'documents', 'model'],
      variables: evaluatorVariables,
      create: (deps, { EVALUATOR_CONCURRENCY: concurrency }) =>
        createService({ ...deps, knowledge: createKnowledgeReader(deps.blobs), concurrency }),
    },
    process.env,
  ),
);
