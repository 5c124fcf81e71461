// An entry of its own: whoever uses the embedded bus does not load the client.
export * from './ensure-topics.ts';
export * from './kafka-event-bus.ts';
export * from './kafka-options.ts';
export { consumerGroupOf } from './kafka-subscription.ts';
