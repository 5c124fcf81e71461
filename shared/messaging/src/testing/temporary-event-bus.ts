import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type Clock, type Logger } from '@berkas/service-kit';
import { createSqliteEventBus } from '../embedded/sqlite-event-bus.ts';
import type { EventBus } from '../event-bus.ts';

export interface TemporaryEventBus extends EventBus {
  /** Closes the bus and removes its folder. Safe to repeat. */
  dispose(): Promise<void>;
}

/** The embedded bus in a temporary folder of its own; silent unless given a logger. */
export function createTemporaryEventBus(
  options: { logger?: Logger; clock?: Clock } = {},
): TemporaryEventBus {
  const folder = mkdtempSync(join(tmpdir(), 'berkas-bus-'));
  const bus = createSqliteEventBus({
    path: join(folder, 'berkas.sqlite'),
    logger: options.logger ?? createLogger({ level: 'silent' }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  return {
    ...bus,
    async dispose() {
      await bus.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
