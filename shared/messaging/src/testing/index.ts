export * from './collect-events.ts';
export { type EventBusHarness } from './contract/harness.ts';
export * from './event-bus-contract.ts';
export * from './eventually.ts';
export * from './temporary-event-bus.ts';
