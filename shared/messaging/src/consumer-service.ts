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
      try {
        for (const [, consumer] of all) await consumer.start();
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
    health: () =>
      Object.fromEntries(all.map(([topic, consumer]) => [`${name}:${topic}`, consumer.health()])),
  };
}
