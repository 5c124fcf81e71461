import type { OutgoingMessage } from '../event-bus.ts';
import { messageBytes } from '../message-rules.ts';

/** Room for what frames a message and its headers on the wire, in bytes. */
const FRAMING_BYTES = 100;
/** Most messages that calls are gathered up to: the client's work grows faster than their number. */
const GATHERED_MESSAGES = 1_000;

/**
 * Sends one batch after the other; calls made meanwhile wait and go out together with the next.
 *
 * One at a time, because the client numbers the messages of all that it sends: had a batch to be
 * sent again while another was under way, the server could take one for the other and drop it.
 */
export interface PublishBatcher {
  /** Resolves once all are sent. Messages go out in the order of the calls. */
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
  /** Resolves when nothing waits and nothing is under way. */
  drained(): Promise<void>;
}

type Call = {
  readonly messages: readonly OutgoingMessage[];
  sent: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

type Part = { readonly call: Call; readonly messages: readonly OutgoingMessage[] };

export function createPublishBatcher(options: {
  send: (messages: readonly OutgoingMessage[]) => Promise<void>;
  /** Most bytes that go out together, counted with their framing; a larger message goes alone. */
  maximumBytes: number;
  /** Whether a failure may lie with one of the calls alone, so that each is tried by itself. */
  mayBeOfOneCall: (error: unknown) => boolean;
}): PublishBatcher {
  const { send, maximumBytes, mayBeOfOneCall } = options;
  let calls: Call[] = [];
  let running: Promise<void> | undefined;

  const attempt = async (parts: readonly Part[]): Promise<void> => {
    try {
      await send(parts.flatMap(({ messages }) => messages));
    } catch (error) {
      if (parts.length > 1 && mayBeOfOneCall(error)) {
        for (const part of parts) await attempt([part]);
      } else {
        for (const { call } of parts) end(call, () => call.reject(error));
      }
      return;
    }
    for (const { call, messages } of parts) {
      call.sent += messages.length;
      if (call.sent === call.messages.length) end(call, call.resolve);
    }
  };
  const end = (call: Call, settle: () => void): void => {
    calls = calls.filter((other) => other !== call);
    settle();
  };
  const run = async (): Promise<void> => {
    // A turn of the event loop, so that calls made one after the other go out together.
    await new Promise((resolve) => setImmediate(resolve));
    while (calls.length > 0) await attempt(nextParts(calls, maximumBytes));
    running = undefined;
  };

  return {
    publish: (messages) =>
      new Promise((resolve, reject) => {
        calls.push({ messages, sent: 0, resolve, reject });
        running ??= run();
      }),
    drained: async () => {
      while (running !== undefined) await running;
    },
  };
}

/**
 * The next messages to send. A call is cut only where it does not fit by itself: its messages for
 * one partition are then appended in one step.
 */
function nextParts(calls: readonly Call[], maximumBytes: number): Part[] {
  const parts: Part[] = [];
  let bytes = 0;
  let count = 0;
  for (const call of calls) {
    if (count >= GATHERED_MESSAGES) break;
    const rest = call.messages.slice(call.sent);
    const fitting = fittingCount(rest, maximumBytes - bytes);
    const messages = parts.length > 0 ? rest : rest.slice(0, Math.max(1, fitting));
    if (parts.length > 0 && fitting < rest.length) break;
    parts.push({ call, messages });
    count += messages.length;
    bytes += messages.reduce((sum, message) => sum + framedBytes(message), 0);
    // A smaller call in the room that is left would overtake the rest of this one.
    if (messages.length < rest.length) break;
  }
  return parts;
}

function fittingCount(messages: readonly OutgoingMessage[], room: number): number {
  let left = room;
  const tooMany = messages.findIndex((message) => (left -= framedBytes(message)) < 0);
  return tooMany === -1 ? messages.length : tooMany;
}

const framedBytes = (message: OutgoingMessage): number => messageBytes(message) + FRAMING_BYTES;
