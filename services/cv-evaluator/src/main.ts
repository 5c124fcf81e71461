import { randomUUID } from 'node:crypto';
import { runService } from '@berkas/composition';
import {
  budgetLimits,
  createCallBudgets,
  createKnowledgeReader,
  evaluatorVariables,
} from '@berkas/scoring';
import { createService } from './service.ts';

process.exit(
  await runService(
    {
      name: 'cv-evaluator',
      defaultPort: 8082,
      ports: ['bus', 'blobs', 'documents', 'search', 'model'],
      variables: evaluatorVariables,
      fallsBack: true,
      create: (deps, variables) =>
        createService({
          ...deps,
          knowledge: createKnowledgeReader(deps.blobs),
          budgets: createCallBudgets({ ...deps, ...budgetLimits(variables), caller: randomUUID() }),
          concurrency: variables.EVALUATOR_CONCURRENCY,
        }),
    },
    process.env,
  ),
);
