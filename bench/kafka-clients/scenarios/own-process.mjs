import { runChild } from '../children.mjs';

/** As many topics as the service with the most subscriptions reads. */
const IDLE_MEMBERS = 8;

/** Scenarios where each client runs by itself, one after the other, in an order that alternates. */
const inTurn = (measure) => async (context, round) => {
  const { names } = context;
  const order = round % 2 === 0 ? names : [...names].reverse();
  const figures = {};
  for (const name of order) figures[name] = await measure(name, context);
  return figures;
};

export const start = inTurn((client) => runChild('start.mjs', { client }));

export const latency = inTurn(async (client, { brokers, topics }) =>
  runChild('latency.mjs', { client, brokers, topic: await topics.make(1) }),
);

export const idle = inTurn(async (client, { brokers, topics }) => {
  const made = [];
  for (let count = 0; count < IDLE_MEMBERS; count += 1) made.push(await topics.make(1));
  return runChild('idle.mjs', { client, brokers, topics: made });
});

export const stream = inTurn(async (client, { brokers, topics }) =>
  runChild('stream.mjs', {
    client,
    brokers,
    topic: await topics.make(4),
    singlesTopic: await topics.make(1),
  }),
);

export const overlap = inTurn(async (client, { brokers, topics }) =>
  runChild('overlap.mjs', { client, brokers, topic: await topics.make(1) }),
);
