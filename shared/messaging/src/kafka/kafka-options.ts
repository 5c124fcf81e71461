import type { Socket } from 'node:net';
import type { Clock, Logger } from '@berkas/service-kit';

export type KafkaSasl = {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
};

/** PEM texts, as Node's TLS takes them; `true` trusts the system's authorities. */
export type KafkaTls =
  | boolean
  | {
      readonly ca?: string;
      readonly cert?: string;
      readonly key?: string;
    };

/** How to reach a cluster; what the event bus and `ensureTopics` share. */
export type KafkaConnectionOptions = {
  /** At least one `host:port` to begin with; the cluster names the others. */
  readonly brokers: readonly string[];
  /** Names this process in the cluster's logs and quotas. */
  readonly clientId: string;
  readonly ssl?: KafkaTls;
  readonly sasl?: KafkaSasl;
  readonly logger: Logger;
  /** How long one request waits for its answer, in milliseconds. 10 seconds by default. */
  readonly requestTimeoutMs?: number;
  /** Opens the connections in place of `net` and `tls`: for a proxy, or a test that cuts them. */
  readonly openSocket?: (address: { host: string; port: number; onConnect: () => void }) => Socket;
};

export type KafkaEventBusOptions = KafkaConnectionOptions & {
  readonly clock?: Clock;
  /**
   * How long a group waits for a member that went silent before others take over its partitions,
   * in milliseconds. 30 seconds by default; the server takes nothing below 6 seconds.
   */
  readonly sessionTimeoutMs?: number;
};
