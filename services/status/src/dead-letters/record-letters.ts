import { readModelCollections, WORKERS, type DeadLetter } from '@berkas/contracts';
import {
  createRawConsumer,
  deadLetterTopic,
  type Consumer,
  type ConsumerDeps,
} from '@berkas/messaging';
import type { DocumentStore } from '@berkas/storage';
import { readLetter } from './read-letter.ts';

export type Deps = ConsumerDeps & {
  readonly documents: DocumentStore;
  readonly group: string;
  readonly concurrency: number;
};

/**
 * A consumer for each group's dead letters, by its topic. A letter is recorded as open when it is
 * new; what was decided on it since stays, however often it is delivered.
 */
export const letterConsumers = (deps: Deps): Record<string, Consumer> =>
  Object.fromEntries(
    WORKERS.map((worker) => {
      const topic = deadLetterTopic(worker);
      const consumer = createRawConsumer({
        ...deps,
        topic,
        handle: async (message) => {
          const letters = await deps.documents.collection<DeadLetter>(
            readModelCollections.deadLetters,
          );
          await letters.insert(readLetter(worker, message));
        },
      });
      return [topic, consumer];
    }),
  );
