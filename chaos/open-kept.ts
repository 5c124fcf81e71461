import { modelVariables, openPorts, serverVariables } from '@berkas/composition';
import { createLogger, parseConfig, systemClock } from '@berkas/service-kit';
import { z } from 'zod';
import type { Environment, System } from './system.ts';

const PORTS = ['bus', 'blobs', 'documents', 'search', 'model'] as const;
const Variables = z.object({ ...serverVariables, ...modelVariables });

/** What an installation kept, by the variables that it ran with; in files where they name no servers. */
export function openKept(
  environment: Environment,
  where: { readonly embeddedFolder?: string } = {},
): ReturnType<System['open']> {
  return openPorts(PORTS, parseConfig(Variables, environment), {
    ...where,
    name: 'chaos',
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
    signal: AbortSignal.timeout(OPEN_WITHIN_MS),
  });
}

const OPEN_WITHIN_MS = 120_000;
