/** Idle, then 20,000 messages of 1 KiB published and read by one process. */
import { setTimeout as sleep } from 'node:timers/promises';
import { finishChild, optionsOfChild } from '../children.mjs';
import { loadClient } from '../clients/load.mjs';
import { processorMs, residentMib } from '../figures.mjs';
import { createMember } from '../handlers.mjs';

const MESSAGES = 20_000;
const IN_ONE_CALL = 100;
const SINGLE_CALLS = 1_000;

const { client, brokers, topic, singlesTopic } = optionsOfChild();
const { createPublisher, joinGroup } = await loadClient(client);
const publisher = await createPublisher({ brokers });
let left = MESSAGES;
let finished;
const everything = new Promise((resolve) => (finished = resolve));
let firstReadAt;
const member = await createMember({
  joinGroup,
  connection: { brokers, group: topic, topic, sessionTimeoutMs: 30_000 },
  concurrency: 50,
  // Handlers that end at once: what is measured is the client, not its pauses.
  readAhead: Infinity,
  handle: async () => {
    firstReadAt ??= performance.now();
    left -= 1;
    if (left === 0) finished();
  },
});
/** Milliseconds by the clock and of the processor. */
async function timed(work) {
  const processorBefore = processorMs();
  const startedAt = performance.now();
  await work();
  return { ms: performance.now() - startedAt, processor: processorMs() - processorBefore };
}
const batchOf = (count, from) =>
  Array.from({ length: count }, (_, index) => ({
    key: Buffer.from(String(from + index)),
    value: Buffer.alloc(1024, 'x'),
  }));

await sleep(3_000);
const idleMib = residentMib();
const singles = await timed(async () => {
  for (let count = 0; count < SINGLE_CALLS; count += 1) {
    await publisher.publish(singlesTopic, batchOf(1, count));
  }
});
member.pause();
const published = await timed(async () => {
  for (let count = 0; count < MESSAGES; count += IN_ONE_CALL) {
    await publisher.publish(topic, batchOf(IN_ONE_CALL, count));
  }
});
const read = await timed(async () => {
  member.resume();
  await everything;
});
const readAt = performance.now();
await sleep(2_000);
const afterMib = residentMib();
await member.leave();
await publisher.close();

finishChild({
  'published in calls of 100, messages/s': MESSAGES / (published.ms / 1000),
  'published in calls of 1, messages/s': SINGLE_CALLS / (singles.ms / 1000),
  'read, messages/s': MESSAGES / ((readAt - firstReadAt) / 1000),
  'processor per 1,000 published in calls of 100, ms': published.processor / (MESSAGES / 1000),
  'processor per 1,000 read, ms': read.processor / (MESSAGES / 1000),
  'memory, idle, MiB': idleMib,
  'memory, after 20,000 messages, MiB': afterMib,
});
