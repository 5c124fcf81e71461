/**
 * 20 messages a second over 4 partitions, handlers of 3 s. A second member joins, then leaves; a
 * third joins and is killed. All variants run at the same time: they mostly wait.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../children.mjs';

const PARTITIONS = 4;
const PUBLISH_EVERY_MS = 50;
const HANDLER_MS = 3_000;
const PHASE_MS = 12_000;
/** The new protocol notices a death after 45 s, which only the broker's settings could change. */
const KILLED_PHASE_MS = 60_000;
const DRAIN_WITHIN_MS = 20_000;
const SESSION_TIMEOUT_MS = 10_000;

export async function rebalance({ names, brokers, topics, publisher }) {
  const all = await Promise.all(names.map((name) => observe({ name, brokers, topics, publisher })));
  return Object.fromEntries(names.map((name, index) => [name, all[index]]));
}

async function observe({ name, brokers, topics, publisher }) {
  const [client, protocol] = name.split(', ');
  const topic = await topics.make(PARTITIONS);
  const record = { publishedAt: new Map(), starts: [], again: [], events: [], finished: new Set() };
  const start = () =>
    startMember(record, {
      client,
      brokers,
      topic,
      group: topic,
      concurrency: 200,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      ...(protocol === undefined ? {} : { protocol: 'consumer' }),
    });
  const phases = {};
  const phase = async (title, lengthMs) => {
    const fromMs = Date.now();
    await sleep(lengthMs);
    phases[title] = [fromMs, Date.now()];
  };

  const staying = start();
  await staying.ready;
  const stopPublishing = publishSteadily({ publisher, topic, record });
  await phase('alone', PHASE_MS / 2);
  const second = start();
  await phase('a member joins', PHASE_MS);
  second.child.send('leave');
  await phase('a member leaves', PHASE_MS);
  const third = start();
  await third.ready;
  await sleep(PHASE_MS);
  third.child.kill('SIGKILL');
  await phase('a member is killed', KILLED_PHASE_MS);
  await stopPublishing();
  const endBy = Date.now() + DRAIN_WITHIN_MS;
  while (record.finished.size < record.publishedAt.size && Date.now() < endBy) await sleep(100);
  staying.child.kill('SIGKILL');
  second.child.kill('SIGKILL');
  if (process.env.BENCH_TRACE) console.error(name, phases, record.events);

  return {
    ...Object.fromEntries(
      Object.entries(phases)
        .slice(1)
        .flatMap(([title, range]) => figuresOf(title, range, record)),
    ),
    'never handled': [...record.publishedAt.keys()].filter((id) => !record.finished.has(id)).length,
    'commits that failed': record.events.filter(({ event }) => event.startsWith('not committed'))
      .length,
    'streams that ended': record.events.filter(({ event }) => event.startsWith('stream ended'))
      .length,
  };
}

function publishSteadily({ publisher, topic, record }) {
  const sent = [];
  const timer = setInterval(() => {
    const id = record.publishedAt.size;
    record.publishedAt.set(id, Date.now());
    const value = JSON.stringify({ id, handlerMs: HANDLER_MS }).padEnd(1024);
    sent.push(publisher.publish(topic, [{ key: String(id), value }]));
  }, PUBLISH_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await Promise.all(sent);
  };
}

function startMember(record, options) {
  let becomeReady;
  const ready = new Promise((resolve) => (becomeReady = resolve));
  const child = startChild('member.mjs', options, ({ what, atMs, id, event }) => {
    if (what === 'ready') becomeReady();
    if (what === 'started') record.starts.push({ id, atMs });
    if (what === 'finished') record.finished.add(id);
    if (what === 'again') record.again.push(atMs);
    if (what === 'event') record.events.push({ event, atMs });
  });
  return { ready, child };
}

function figuresOf(title, [fromMs, toMs], { publishedAt, starts, again }) {
  const isInPhase = (atMs) => atMs >= fromMs && atMs < toMs;
  const seen = new Set();
  const firsts = [];
  let second = 0;
  for (const { id, atMs } of [...starts].sort((a, b) => a.atMs - b.atMs)) {
    if (!seen.has(id)) firsts.push({ atMs, waitMs: atMs - publishedAt.get(id) });
    else if (isInPhase(atMs)) second += 1;
    seen.add(id);
  }
  const inPhase = firsts.filter(({ atMs }) => isInPhase(atMs));
  const moments = [fromMs, ...inPhase.map(({ atMs }) => atMs), toMs];
  const gaps = moments.slice(1).map((atMs, index) => atMs - moments[index]);
  return [
    [`${title}: handed again to the member that had it`, again.filter(isInPhase).length],
    [`${title}: handled a second time`, second],
    [`${title}: longest time without a new message, ms`, Math.max(...gaps)],
    [`${title}: longest wait of a message, ms`, Math.max(...inPhase.map(({ waitMs }) => waitMs))],
  ];
}
