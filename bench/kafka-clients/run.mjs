/** Measures the clients beside each other and prints a table a scenario. See README.md. */
import { createPublisher } from './clients/kafkajs.mjs';
import { PACKAGES } from './clients/load.mjs';
import { tableOf } from './figures.mjs';
import { longHandlers } from './scenarios/long-handlers.mjs';
import { idle, latency, overlap, start, stream } from './scenarios/own-process.mjs';
import { rebalance } from './scenarios/rebalance.mjs';
import { createTopics } from './topics.mjs';

const CLIENTS = Object.keys(PACKAGES);
const SCENARIOS = {
  start: { measure: start, rounds: 7, names: CLIENTS },
  idle: { measure: idle, rounds: 3, names: CLIENTS },
  latency: { measure: latency, rounds: 4, names: CLIENTS },
  stream: { measure: stream, rounds: 4, names: CLIENTS },
  overlap: { measure: overlap, rounds: 5, names: CLIENTS },
  'long-handlers': { measure: longHandlers, rounds: 3, names: CLIENTS, atOnce: true },
  rebalance: { measure: rebalance, rounds: 3, names: [...CLIENTS, 'platformatic, new protocol'] },
};

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const [roundsAsked] = process.argv
  .slice(2)
  .flatMap((each) => each.match(/^--rounds=(\d+)$/)?.[1] ?? []);
const unknown = asked.filter((name) => !(name in SCENARIOS));
const brokers = process.env.KAFKA_BROKERS?.split(',');
if (brokers === undefined || unknown.length > 0) {
  console.error(
    `KAFKA_BROKERS=host:port node run.mjs [${Object.keys(SCENARIOS).join('|')} ...] [--rounds=N]\n` +
      (unknown.length > 0
        ? `No such scenario: ${unknown.join(', ')}.`
        : 'KAFKA_BROKERS is not set.'),
  );
  process.exit(2);
}

const topics = await createTopics(brokers);
const publisher = await createPublisher({ brokers });
try {
  for (const name of asked.length > 0 ? asked : Object.keys(SCENARIOS)) {
    const { measure, names, atOnce, ...scenario } = SCENARIOS[name];
    const rounds = Number(roundsAsked ?? scenario.rounds);
    const one = (round) => measure({ names, brokers, topics, publisher }, round);
    const numbers = Array.from({ length: rounds }, (_, round) => round);
    const results = [];
    if (atOnce) results.push(...(await Promise.all(numbers.map(one))));
    else for (const round of numbers) results.push(await one(round));
    console.log(`\n## ${name}, medians of ${rounds}\n\n${tableOf(results, names)}`);
  }
} finally {
  await publisher.close();
  await topics.close();
}
