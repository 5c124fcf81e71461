import { randomUUID } from 'node:crypto';
import { createLogger } from '@berkas/service-kit';
import type { EventBus } from '../../event-bus.ts';
import { ensureTopics } from '../../kafka/ensure-topics.ts';
import { createKafkaEventBus } from '../../kafka/kafka-event-bus.ts';
import type { KafkaEventBusOptions } from '../../kafka/kafka-options.ts';
import type { EventBusHarness } from '../contract/harness.ts';
import { createCuttableNetwork, type CuttableNetwork } from './cuttable-network.ts';

/** The least that a server takes by default: a crashed member holds its group up for so long. */
const SESSION_TIMEOUT_MS = 6_000;

/** The value of a variable that names a server; throws, naming the variable, if there is none. */
export function serverAddress(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): string {
  const address = environment[name];
  if (address === undefined || address === '') {
    throw new Error(`${name} is not set: integration tests need the real servers.`);
  }
  return address;
}

export interface KafkaFixture {
  /** Another bus on the same cluster, closed with the fixture. */
  readonly open: (options?: Partial<KafkaEventBusOptions>) => EventBus;
  readonly createTopic: (partitions?: number) => Promise<string>;
  readonly dispose: () => Promise<void>;
}

/** Buses and topics on a real cluster, given as `host:port` separated by commas. */
export function createKafkaFixture(brokers: string): KafkaFixture {
  const connection = {
    brokers: brokers.split(','),
    clientId: 'messaging-test',
    logger: createLogger({ level: 'silent' }),
  };
  const buses: EventBus[] = [];
  return {
    open(options = {}) {
      const bus = createKafkaEventBus({
        ...connection,
        sessionTimeoutMs: SESSION_TIMEOUT_MS,
        ...options,
      });
      buses.push(bus);
      return bus;
    },
    async createTopic(partitions = 1) {
      const name = `test.${randomUUID()}`;
      const topic = { name, partitions, replicationFactor: 1, retentionMs: 3_600_000 };
      await ensureTopics(connection, [topic]);
      return name;
    },
    async dispose() {
      await Promise.all(buses.map((bus) => bus.close()));
    },
  };
}

/** What the contract suite needs of a cluster. */
export function createKafkaHarness(brokers: string): EventBusHarness {
  const fixture = createKafkaFixture(brokers);
  let network: CuttableNetwork;
  let bus: EventBus;
  const open = (): EventBus => {
    network = createCuttableNetwork();
    bus = fixture.open({ openSocket: network.openSocket });
    return bus;
  };
  return {
    bus: open(),
    createTopic: () => fixture.createTopic(),
    async reopen() {
      await bus.close();
      return open();
    },
    // Its connections are gone without a word, as a killed process's are; it never leaves its group.
    crash() {
      network.cut();
      return Promise.resolve(open());
    },
    dispose: fixture.dispose,
  };
}
