import type { EventBus } from './event-bus.ts';

/** What a topic or group is called on a cluster that several installations share. */
export const namespaced = (namespace: string, name: string): string => `${namespace}.${name}`;

/** The same bus, where every topic and group has the name of an installation before its own. */
export function createNamespacedEventBus(bus: EventBus, namespace: string): EventBus {
  const within = (name: string): string => namespaced(namespace, name);
  return {
    publish: (messages) =>
      bus.publish(messages.map((message) => ({ ...message, topic: within(message.topic) }))),
    subscribe: (options) =>
      bus.subscribe({
        ...options,
        topic: within(options.topic),
        group: within(options.group),
        onMessage: (message, signal) =>
          options.onMessage({ ...message, topic: options.topic }, signal),
      }),
    async *replay(topic, from) {
      for await (const message of bus.replay(within(topic), from)) yield { ...message, topic };
    },
    close: () => bus.close(),
  };
}
