import type { HealthCheck, Service } from '@berkas/service-kit';

type Startable = {
  start(): Promise<void>;
  stop(): Promise<void>;
  health(): HealthCheck;
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
  };
}
