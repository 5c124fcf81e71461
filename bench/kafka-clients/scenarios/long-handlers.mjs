/**
 * Handlers that outlast the session several times over. The clients run at the same time: all they
 * do is wait.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../children.mjs';

const SESSION_TIMEOUT_MS = 10_000;
const HANDLER_SECONDS = [20, 60, 25, 55, 30, 50, 35, 45, 20, 25, 30, 20];
const CONCURRENCY = 8;
const AWAITED_SECONDS = [25, 25];
const GIVE_UP_AFTER_MS = 120_000;
const LOOK_AGAIN_MS = 8_000;

export async function longHandlers({ names, brokers, topics, publisher }) {
  const connection = { brokers, sessionTimeoutMs: SESSION_TIMEOUT_MS };
  const figuresOf = async (client) => {
    const several = async () => {
      const topic = await topics.make(1);
      return observe({
        publisher,
        options: { ...connection, client, topic, group: topic, concurrency: CONCURRENCY },
        seconds: HANDLER_SECONDS,
      });
    };
    const awaited = async () => {
      const topic = await topics.make(1);
      return observe({
        publisher,
        options: { ...connection, client, topic, group: topic, awaits: true },
        seconds: AWAITED_SECONDS,
      });
    };
    const [many, one] = await Promise.all([several(), awaited()]);
    return {
      '8 at once: times it joined': many.joins,
      '8 at once: handled a second time': many.startedAgain,
      '8 at once: given to the next member': many.givenToNext,
      '8 at once: trouble': many.trouble,
      'awaited: times it joined': one.joins,
      'awaited: handled a second time': one.startedAgain,
      'awaited: given to the next member': one.givenToNext,
      'awaited: trouble': one.trouble,
    };
  };
  const all = await Promise.all(names.map(figuresOf));
  return Object.fromEntries(names.map((name, index) => [name, all[index]]));
}

/** Runs a member until all is handled, lets it leave, and sees whether a second one gets anything. */
async function observe({ publisher, options, seconds }) {
  const first = startMember(options);
  await first.ready;
  await publisher.publish(
    options.topic,
    seconds.map((each, id) => ({ value: JSON.stringify({ id, handlerMs: each * 1000 }) })),
  );
  await Promise.race([first.allFinished(seconds.length), sleep(GIVE_UP_AFTER_MS)]);
  // What would be delivered again has this long to come.
  await sleep(LOOK_AGAIN_MS);
  const startedAgain = first.started.length - new Set(first.started).size;
  await first.leave();
  const second = startMember(options);
  await second.ready;
  await sleep(LOOK_AGAIN_MS);
  second.kill();
  return {
    joins: first.events.filter((event) => event === 'joined').length,
    trouble: troubleOf(first.events),
    startedAgain,
    givenToNext: second.started.length,
  };
}

const troubleOf = (events) =>
  [...new Set(events.filter((event) => event !== 'joined'))].join('; ') || 'none';

function startMember(options) {
  const events = [];
  const started = [];
  const finished = new Set();
  let wake = () => undefined;
  let becomeReady;
  const ready = new Promise((resolve) => (becomeReady = resolve));
  const child = startChild('member.mjs', options, ({ what, event, id }) => {
    if (what === 'ready') becomeReady();
    if (what === 'event') events.push(event);
    if (what === 'started') started.push(id);
    if (what === 'finished') finished.add(id);
    wake();
  });
  return {
    ready,
    events,
    started,
    allFinished: (count) =>
      new Promise((resolve) => {
        wake = () => finished.size >= count && resolve();
        wake();
      }),
    async leave() {
      child.send('leave');
      await Promise.race([once(child, 'exit'), sleep(10_000)]);
      child.kill('SIGKILL');
    },
    kill: () => child.kill('SIGKILL'),
  };
}
