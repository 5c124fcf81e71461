import type { Clock } from '@berkas/service-kit';
import type { OutgoingMessage } from '../event-bus.ts';
import type { SqliteLog } from './sqlite-log.ts';

type Call = {
  messages: readonly OutgoingMessage[];
  resolve: () => void;
  reject: (error: unknown) => void;
};

/**
 * Group commit: the calls of one turn of the event loop share one transaction. They stand or fall
 * together, which each caller sees as its own call's all or nothing. Subscribers may read them at
 * once; the callers are told once they are on disk.
 */
export interface PublishQueue {
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
  /** Writes now what is waiting. */
  flush(): void;
}

export function createPublishQueue(options: {
  log: SqliteLog;
  clock: Clock;
  /** Called once the messages can be read. */
  onPublished: (topics: ReadonlySet<string>) => void;
}): PublishQueue {
  let calls: Call[] = [];
  let immediate: NodeJS.Immediate | undefined;

  const flush = (): void => {
    clearImmediate(immediate);
    immediate = undefined;
    const taken = calls;
    if (taken.length === 0) return;
    calls = [];
    const messages = taken.flatMap((call) => call.messages);
    try {
      options.log.append(messages, options.clock.now().getTime());
    } catch (error) {
      for (const call of taken) call.reject(error);
      return;
    }
    options.onPublished(new Set(messages.map((message) => message.topic)));
    options.log.sync().then(
      () => {
        for (const call of taken) call.resolve();
      },
      (error: unknown) => {
        for (const call of taken) call.reject(error);
      },
    );
  };

  return {
    publish: (messages) =>
      new Promise((resolve, reject) => {
        calls.push({ messages, resolve, reject });
        immediate ??= setImmediate(flush);
      }),
    flush,
  };
}
