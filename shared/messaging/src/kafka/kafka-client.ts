import { Kafka, type KafkaConfig } from 'kafkajs';
import { createKafkaLog, kafkaLogLevel } from './kafka-log.ts';
import type { KafkaConnectionOptions } from './kafka-options.ts';

/** How long one request waits for its answer unless said otherwise. */
export const REQUEST_TIMEOUT_MS = 10_000;
const CONNECTION_TIMEOUT_MS = 3_000;

/**
 * Short, since whoever calls tries again itself. Every field is given: the library takes others by
 * `NODE_ENV`.
 */
export const KAFKA_RETRY = {
  retries: 3,
  initialRetryTime: 100,
  maxRetryTime: 2_000,
  factor: 0.2,
  multiplier: 2,
} as const;

/** The client of one cluster; connects to nothing yet. */
export function createKafkaClient(options: KafkaConnectionOptions): Kafka {
  const { logger, openSocket } = options;
  return new Kafka({
    brokers: [...options.brokers],
    clientId: options.clientId,
    ssl: options.ssl ?? false,
    ...(options.sasl === undefined ? {} : { sasl: options.sasl as KafkaConfig['sasl'] & object }),
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    retry: KAFKA_RETRY,
    logLevel: kafkaLogLevel(logger),
    logCreator: () => createKafkaLog(logger),
    ...(openSocket === undefined ? {} : { socketFactory: openSocket }),
  });
}
