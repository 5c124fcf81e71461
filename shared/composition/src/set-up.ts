import type { Clock } from '@berkas/service-kit';
import type { ModelVariables } from './model-variables.ts';
import { modelAddress } from './model.ts';
import { embeddingOf, openPorts } from './ports.ts';
import {
  kafkaConnection,
  openElasticsearch,
  openMinio,
  placeOf,
  topicName,
} from './server-adapters.ts';
import type { ServerVariables } from './server-variables.ts';
import { waitUntil, type WaitOptions } from './server.ts';
import { TOPICS } from './topics.ts';

export type SetUpOptions = WaitOptions & {
  readonly clock: Clock;
  /** Told what was done, a line each. */
  readonly report: (line: string) => void;
};

const NAME = 'setup';

/**
 * Makes what the services need on their servers: topics, the bucket, the search index of the
 * embedding model. Waits for servers that are not up yet. Repeating it changes nothing, or what has
 * changed in the configuration since: with another embedding model all passages are embedded anew
 * into a new index, which then takes the place of the former.
 */
export async function setUp(
  variables: ServerVariables & ModelVariables,
  options: SetUpOptions,
): Promise<void> {
  await setUpTopics(variables, options);
  await setUpBucket(variables, options);
  await setUpIndex(variables, options);
}

async function setUpTopics(variables: ServerVariables, options: SetUpOptions): Promise<void> {
  const { ensureTopics } = await import('@berkas/messaging/kafka');
  const connection = kafkaConnection(variables, { name: NAME, logger: options.logger });
  const { KAFKA_REPLICATION_FACTOR: replicationFactor } = variables;
  const topics = TOPICS.map((topic) => ({
    ...topic,
    name: topicName(variables, topic.name),
    ...(replicationFactor === undefined ? {} : { replicationFactor }),
  }));
  const { made, changed } = await waitUntil(
    `Kafka at ${connection.brokers.join(',')}`,
    () => ensureTopics(connection, topics),
    options,
  );
  const kept = topics.length - made.length - changed.length;
  const changes = changed.length === 0 ? '' : `, ${changed.length} changed`;
  options.report(`Topics: ${made.length} made${changes}, ${kept} kept.`);
}

async function setUpBucket(variables: ServerVariables, options: SetUpOptions): Promise<void> {
  const blobs = await openMinio(variables);
  const what = `MinIO at ${placeOf(variables.MINIO_ENDPOINT)}`;
  await waitUntil(what, () => blobs.ensureBucket(), options);
  options.report(`Bucket: ${variables.BERKAS_NAMESPACE} is there.`);
}

/** The model tells how long its vectors are, and embeds what another model had embedded. */
async function setUpIndex(
  variables: ServerVariables & ModelVariables,
  options: SetUpOptions,
): Promise<void> {
  const opened = await openPorts(['model'], variables, { ...options, name: NAME });
  const { model } = opened.ports;
  try {
    const embedding = await embeddingOf(model, variables, options);
    const index = await openElasticsearch(variables, embedding);
    const embed = async (texts: readonly string[]) => {
      const ask = () => model.embed(texts, options.signal);
      return (await waitUntil(`the model at ${modelAddress(variables)}`, ask, options)).vectors;
    };
    const { outcome, copied, ...made } = await waitUntil(
      `Elasticsearch at ${placeOf(variables.ELASTICSEARCH_URL)}`,
      () =>
        index.ensureIndex({
          embed,
          onProgress: ({ copied: done, total }) =>
            options.report(`Index: ${done} of ${total} passages embedded anew.`),
        }),
      options,
    ).finally(() => index.close());
    const passages = outcome === 'rebuilt' ? ` with ${copied} passages` : '';
    options.report(`Index: ${made.index} ${outcome}${passages}.`);
  } finally {
    await opened.close();
  }
}
