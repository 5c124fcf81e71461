import { fileURLToPath } from 'node:url';
import { runService } from '@berkas/composition';
import { z } from 'zod';
import { gatewayConfig, GatewayVariables } from './config.ts';
import { createService } from './service.ts';

const SHIPPED_KNOWLEDGE = fileURLToPath(new URL('../../../knowledge', import.meta.url));

process.exit(
  await runService(
    {
      name: 'gateway',
      defaultPort: 8080,
      ports: ['bus', 'blobs', 'documents'],
      variables: {
        ...GatewayVariables.shape,
        BERKAS_KNOWLEDGE_DIR: z.string().default(SHIPPED_KNOWLEDGE),
      },
      create: (deps, variables) =>
        createService({
          ...deps,
          config: gatewayConfig(variables),
          knowledgeFolder: variables.BERKAS_KNOWLEDGE_DIR,
        }),
      servesHttp: true,
    },
    process.env,
  ),
);
