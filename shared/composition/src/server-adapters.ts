import { BerkasError, type Clock, type Logger } from '@berkas/service-kit';
import { createNamespacedEventBus, namespaced, type EventBus } from '@berkas/messaging';
import type { KafkaConnectionOptions, KafkaSasl } from '@berkas/messaging/kafka';
import {
  createElasticsearchSearchIndex,
  createMinioBlobStore,
  createMongoDocumentStore,
  createStorageBreaker,
  guardBlobStore,
  guardDocumentStore,
  guardSearchIndex,
  type BlobStore,
  type DocumentStore,
  type ElasticsearchSearchIndex,
  type MinioBlobStore,
  type SearchIndex,
} from '@berkas/storage';
import type { ServerVariables } from './server-variables.ts';
import type { Server } from './server.ts';
import { TOPICS } from './topics.ts';

type Context = { readonly logger: Logger; readonly clock: Clock };

/** An adapter, the server behind it, and what frees it. */
export type Opened<Port> = {
  readonly port: Port;
  readonly server: Server;
  readonly close: () => Promise<void>;
};

const DEFAULT_NAMESPACE = 'berkas';
/** What a topic is called on the cluster. */
export const topicName = ({ BERKAS_NAMESPACE }: ServerVariables, name: string): string =>
  BERKAS_NAMESPACE === DEFAULT_NAMESPACE ? name : namespaced(BERKAS_NAMESPACE, name);

export function kafkaConnection(
  variables: ServerVariables,
  { name, logger }: { name: string; logger: Logger },
): KafkaConnectionOptions {
  const { KAFKA_BROKERS, KAFKA_TLS, BERKAS_NAMESPACE } = variables;
  const sasl = saslOf(variables);
  return {
    brokers: given(KAFKA_BROKERS),
    clientId: `${BERKAS_NAMESPACE}-${name}`,
    ssl: KAFKA_TLS,
    logger,
    ...(sasl === undefined ? {} : { sasl }),
  };
}

/** Kafka, ready when every topic is there. `name` is the service's, for the cluster's own logs. */
export async function openKafka(
  variables: ServerVariables,
  { name, logger, clock }: Context & { name: string },
): Promise<Opened<EventBus>> {
  const { createKafkaEventBus, missingTopics } = await import('@berkas/messaging/kafka');
  const connection = kafkaConnection(variables, { name, logger });
  const { BERKAS_NAMESPACE, KAFKA_SESSION_TIMEOUT_MS: sessionTimeoutMs } = variables;
  const bus = createKafkaEventBus({ ...connection, clock, sessionTimeoutMs });
  const names = TOPICS.map((topic) => topicName(variables, topic.name));
  return {
    port:
      BERKAS_NAMESPACE === DEFAULT_NAMESPACE
        ? bus
        : createNamespacedEventBus(bus, BERKAS_NAMESPACE),
    server: {
      name: 'Kafka',
      address: connection.brokers.join(','),
      ready: async () => {
        const missing = await missingTopics(connection, names);
        if (missing.length > 0) throw setUpMissing(`It has no topic ${missing.join(', ')}.`);
      },
    },
    close: () => bus.close(),
  };
}

export const openMinio = (variables: ServerVariables): Promise<MinioBlobStore> =>
  createMinioBlobStore({
    endpoint: given(variables.MINIO_ENDPOINT),
    accessKey: given(variables.MINIO_ACCESS_KEY),
    secretKey: given(variables.MINIO_SECRET_KEY),
    bucket: variables.BERKAS_NAMESPACE,
    timeoutMs: variables.STORAGE_TIMEOUT_MS,
  });

/** MinIO behind a breaker, ready when the bucket is there. */
export async function openBlobs(
  variables: ServerVariables,
  context: Context,
): Promise<Opened<BlobStore>> {
  const store = await openMinio(variables);
  const breaker = createStorageBreaker({ ...context, name: 'MinIO' });
  const address = placeOf(variables.MINIO_ENDPOINT);
  return {
    port: guardBlobStore(store, breaker),
    server: { name: 'MinIO', address, ready: () => store.ready(), breaker },
    close: () => {
      breaker.close();
      return Promise.resolve();
    },
  };
}

/** MongoDB behind a breaker. */
export async function openDocuments(
  variables: ServerVariables,
  context: Context,
): Promise<Opened<DocumentStore>> {
  const url = given(variables.MONGODB_URL);
  const store = await createMongoDocumentStore({
    url,
    database: variables.BERKAS_NAMESPACE,
    timeoutMs: variables.STORAGE_TIMEOUT_MS,
  });
  const breaker = createStorageBreaker({ ...context, name: 'MongoDB' });
  return {
    port: guardDocumentStore(store, breaker),
    server: { name: 'MongoDB', address: placeOf(url), ready: () => store.ready(), breaker },
    close: async () => {
      breaker.close();
      await store.close();
    },
  };
}

/** Which embedding model the index holds; all its vectors are `dimensions` long. */
export type Embedding = { readonly embeddingModel: string; readonly dimensions: number };

export const openElasticsearch = (
  variables: ServerVariables,
  embedding: Embedding,
): Promise<ElasticsearchSearchIndex> => {
  const { ELASTICSEARCH_API_KEY } = variables;
  return createElasticsearchSearchIndex({
    node: given(variables.ELASTICSEARCH_URL),
    ...(ELASTICSEARCH_API_KEY === undefined ? {} : { auth: { apiKey: ELASTICSEARCH_API_KEY } }),
    indexPrefix: variables.BERKAS_NAMESPACE,
    ...embedding,
    timeoutMs: variables.STORAGE_TIMEOUT_MS,
  });
};

/** Elasticsearch behind a breaker, ready when there is an index for the embedding model. */
export async function openSearch(
  variables: ServerVariables,
  embedding: Embedding,
  context: Context,
): Promise<Opened<SearchIndex>> {
  const index = await openElasticsearch(variables, embedding);
  const breaker = createStorageBreaker({ ...context, name: 'Elasticsearch' });
  const address = placeOf(variables.ELASTICSEARCH_URL);
  return {
    port: guardSearchIndex(index, breaker),
    server: { name: 'Elasticsearch', address, ready: () => index.ready(), breaker },
    close: async () => {
      breaker.close();
      await index.close();
    },
  };
}

/** Where a server is, for people: an address can hold a password, which no log must. */
export const placeOf = (address: string | undefined): string =>
  (address ?? '').replace(/^(\w[\w+]*:\/\/)([^/]*@)?([^/]*).*$/s, '$1$3');

const setUpMissing = (message: string): BerkasError =>
  new BerkasError(`${message} Run \`berkas setup\`.`, {
    code: 'set_up_missing',
    retryable: true,
  });

/** The configuration was checked for it before: `serverChecks`. */
function given<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('A server is opened whose variables are not set.');
  return value;
}

function saslOf(variables: ServerVariables): KafkaSasl | undefined {
  const { KAFKA_SASL_MECHANISM: mechanism } = variables;
  if (mechanism === undefined) return undefined;
  return {
    mechanism,
    username: given(variables.KAFKA_SASL_USERNAME),
    password: given(variables.KAFKA_SASL_PASSWORD),
  };
}
