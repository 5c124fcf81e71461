import type { Backlog, HealthCheck, RetryingEvent, Service } from '@berkas/service-kit';

type Startable = {
  start(): Promise<void>;
  stop(): Promise<void>;
  health(): HealthCheck;
  /** Of those whose topic is on the way of an evaluation. */
  retrying?(): readonly RetryingEvent[];
  backlog?(): Promise<Backlog>;
};

/** A service that is its consumers: nothing but events in and events out. */
export function createConsumerService(
  name: string,
  consumers: Readonly<Record<string, Startable>>,
  onStop: () => Promise<void> = () => Promise.resolve(),
): Service {
  const all = Object.entries(consumers);
  const stop = async (): Promise<void> => {
    await Promise.all(all.map(([, consumer]) => consumer.stop()));
    await onStop();
  };
  return {
    name,
    start: async () => {
      // At once: on a cluster each takes its time to join its group. All settle before the stop, so
      // that none starts after it.
      const starts = await Promise.allSettled(all.map(([, consumer]) => consumer.start()));
      const failed = starts.find((start) => start.status === 'rejected');
      if (failed === undefined) return;
      await stop();
      throw failed.reason;
    },
    stop,
    health: () =>
      Object.fromEntries(all.map(([topic, consumer]) => [`${name}:${topic}`, consumer.health()])),
    retrying: () => all.flatMap(([, consumer]) => consumer.retrying?.() ?? []),
    backlog: async () =>
      sumOf(await Promise.all(all.flatMap(([, consumer]) => consumer.backlog?.() ?? []))),
  };
}

/** All is done that was published before the earliest of them says so. */
function sumOf(backlogs: readonly Backlog[]): Backlog {
  const events = backlogs.reduce((sum, backlog) => sum + backlog.events, 0);
  const times = backlogs.flatMap(({ doneBefore }) => doneBefore ?? []).sort();
  const [earliest] = times;
  if (earliest === undefined || times.length < backlogs.length) return { events };
  return { events, doneBefore: earliest };
}
