import { documentUploaded, type DocumentUploaded, type OutgoingEvent } from '@berkas/contracts';
import { createLogger } from '@berkas/service-kit';
import { createConsumer, type Consumer } from '../../consumer.ts';
import type { EventBus } from '../../event-bus.ts';
import { away, documentIdOf, ingested, rejected } from '../consumer-fixture.ts';
import { createSwitchedFlow } from '../switched-flow.ts';
import type { History } from './history.ts';
import type { MortalProcess } from './mortal-process.ts';
import { ATTEMPTS, GROUP, type Outcome, type Outcomes, type Scenario } from './scenario.ts';

const NOW = new Date('2026-01-02T03:04:05.000Z');
const silent = createLogger({ level: 'silent' });

/** Plays a scenario's handlers; what was called before a crash is not forgotten. */
export function createScript({ inputs }: Scenario) {
  const calls = new Map<string, number>();
  const numbers = new Map(inputs.map((_, number) => [documentIdOf(number), number]));
  const next = (name: string, { first, others }: Outcomes): Outcome => {
    const call = calls.get(name) ?? 0;
    calls.set(name, call + 1);
    return first[call] ?? others;
  };
  const inputOf = ({ documentId }: DocumentUploaded) => {
    const number = numbers.get(documentId) ?? -1;
    const input = inputs[number];
    if (input === undefined) throw new RangeError(`${documentId} is no input.`);
    return { ...input, number };
  };
  return {
    inputOf,
    handle: (data: DocumentUploaded): Outcome => {
      const { number, handling } = inputOf(data);
      return next(`handle ${number}`, handling);
    },
    announce: (data: DocumentUploaded): Outcome => {
      const { number, announcing } = inputOf(data);
      return next(`announce ${number}`, announcing);
    },
  };
}
export type Script = ReturnType<typeof createScript>;

/** What an input leads to when it is handled: an event on each of its topics. */
const outputsOf = (data: DocumentUploaded, topics: readonly string[]): OutgoingEvent[] =>
  topics.map((topic) => ({ ...ingested(data), topic }));

/** The real consumer runtime with handlers that follow the script, in one life of its process. */
export function createScriptedConsumer(options: {
  bus: EventBus;
  script: Script;
  history: History;
  concurrency: number;
  process: MortalProcess;
}): Consumer {
  const { bus, script, history, process } = options;
  const flow = createSwitchedFlow();
  const failAs = (outcome: Outcome): void => {
    if (outcome === 'bug') throw new TypeError('a bug');
    if (outcome === 'outage') {
      flow.block();
      const comeBack = (): void => flow.unblock();
      process.step('back again').then(comeBack, comeBack);
    }
    if (outcome !== 'ok') throw away();
  };
  return createConsumer({
    bus: history.watch(bus, process, options.concurrency),
    group: GROUP,
    concurrency: options.concurrency,
    logger: silent,
    clock: { now: () => NOW },
    random: () => 0,
    retry: { attempts: ATTEMPTS, patienceMs: 0, initialMs: 1, maximumMs: 1 },
    flow,
    handler: {
      event: documentUploaded,
      async handle({ data }) {
        await process.step(`handle ${data.documentId}`);
        failAs(script.handle(data));
        await process.step(`handled ${data.documentId}`);
        history.handled(data);
        return outputsOf(data, script.inputOf(data).outputs);
      },
      async onGiveUp({ data }) {
        await process.step(`give up ${data.documentId}`);
        failAs(script.announce(data));
        return [rejected(data)];
      },
    },
  });
}
