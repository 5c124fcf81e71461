/** A process that is connected and has nothing to do: one publisher and a member for each topic. */
import { setTimeout as sleep } from 'node:timers/promises';
import { finishChild, optionsOfChild } from '../children.mjs';
import { loadClient } from '../clients/load.mjs';
import { processorMs, residentMib } from '../figures.mjs';

const IDLE_MS = 10_000;

const { client, brokers, topics } = optionsOfChild();
const { createPublisher, joinGroup } = await loadClient(client);
const ignore = () => undefined;
await createPublisher({ brokers });
const members = [];
for (const topic of topics) {
  members.push(
    await joinGroup({
      brokers,
      group: topic,
      topic,
      sessionTimeoutMs: 30_000,
      onAssigned: () => [],
      onMessage: ignore,
      onEvent: ignore,
    }),
  );
}
await sleep(3_000);
const before = processorMs();
const startedAt = performance.now();
await sleep(IDLE_MS);
const figures = {
  'processor, % of a core': ((processorMs() - before) / (performance.now() - startedAt)) * 100,
  'memory, MiB': residentMib(),
};
await Promise.all(members.map((member) => member.leave()));
finishChild(figures);
