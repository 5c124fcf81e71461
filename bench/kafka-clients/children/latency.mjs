/** From the call that publishes a message to the handler that gets it, in one process. */
import { setInterval, setTimeout as sleep } from 'node:timers/promises';
import { finishChild, optionsOfChild } from '../children.mjs';
import { loadClient } from '../clients/load.mjs';
import { spread } from '../figures.mjs';
import { createMember } from '../handlers.mjs';

const WARM_UP = 50;
const ALONE = 300;
const STEADY = 400;
const STEADY_EVERY_MS = 20;

const { client, brokers, topic } = optionsOfChild();
const { createPublisher, joinGroup } = await loadClient(client);
const publisher = await createPublisher({ brokers });
const handled = new Map();
const member = await createMember({
  joinGroup,
  connection: { brokers, group: topic, topic, sessionTimeoutMs: 30_000 },
  concurrency: 50,
  handle: async ({ value }) => handled.get(Number(value.subarray(0, 8).toString()))(),
});

let number = 0;
// One after the other, as the project publishes: see overlap.mjs.
let publishing = Promise.resolve();
const filler = 'x'.repeat(1016);
/** Resolves with the milliseconds until it was acknowledged and until it was handled. */
async function hop() {
  number += 1;
  const id = number;
  const startedAt = performance.now();
  const since = () => performance.now() - startedAt;
  const arrival = new Promise((resolve) => handled.set(id, () => resolve(since())));
  const value = Buffer.from(String(id).padStart(8, '0') + filler);
  const message = { key: Buffer.from(String(id)), value };
  await (publishing = publishing.then(() => publisher.publish(topic, [message])));
  const acknowledgedMs = since();
  return { acknowledgedMs, hopMs: await arrival };
}

for (let count = 0; count < WARM_UP; count += 1) await hop();
const alone = [];
for (let count = 0; count < ALONE; count += 1) alone.push(await hop());
await sleep(500);
const steady = [];
for await (const _ of setInterval(STEADY_EVERY_MS)) {
  steady.push(hop());
  if (steady.length === STEADY) break;
}
const steadyHops = await Promise.all(steady);
await member.leave();
await publisher.close();

const acknowledged = spread(alone.map(({ acknowledgedMs }) => acknowledgedMs));
const one = spread(alone.map(({ hopMs }) => hopMs));
const rate = spread(steadyHops.map(({ hopMs }) => hopMs));
finishChild({
  'acknowledged, one at a time, p50 ms': acknowledged.p50,
  'hop, one at a time, p50 ms': one.p50,
  'hop, one at a time, p95 ms': one.p95,
  'hop, one at a time, p99 ms': one.p99,
  'hop, 50 a second, p50 ms': rate.p50,
  'hop, 50 a second, p95 ms': rate.p95,
  'hop, 50 a second, p99 ms': rate.p99,
});
