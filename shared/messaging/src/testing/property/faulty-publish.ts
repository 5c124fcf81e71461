import { BusError } from '../../bus-error.ts';
import type { OutgoingMessage } from '../../event-bus.ts';
import type { MortalProcess } from './mortal-process.ts';
import type { PublishFault } from './scenario.ts';

/**
 * Publishes in two steps, one before the messages are durable and one before the answer, with a
 * fault where there is one: what then is in the log is all, nothing or a beginning, as the port says.
 */
export function createFaultyPublish(options: {
  append: (messages: readonly OutgoingMessage[]) => Promise<void>;
  process: MortalProcess;
  nextFault: () => PublishFault;
}): (messages: readonly OutgoingMessage[]) => Promise<void> {
  const { append, process, nextFault } = options;
  return async (messages) => {
    const fault = nextFault();
    await process.step('append');
    if (fault === 'half done') await append(messages.slice(0, Math.ceil(messages.length / 2)));
    else if (fault !== 'refused') await append(messages);
    await process.step('answer');
    if (fault !== 'none') throw new BusError('bus_unavailable', `publishing: ${fault}`);
  };
}
