import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { GenericContainer, Wait, getContainerRuntimeClient } from 'testcontainers';
import { serverOf } from './compose-file.mjs';

/** The one image that docker-compose.yml has no use for. */
const TOXIPROXY = process.env.TOXIPROXY_IMAGE || 'ghcr.io/shopify/toxiproxy:2.12.0';
const HOST = '127.0.0.1';
const START_WITHIN_MS = 180_000;

/** Rejects when there is no Docker engine to talk to. */
export const findDocker = () => getContainerRuntimeClient();

/**
 * Starts the servers of docker-compose.yml and Toxiproxy, each on a free port of this machine, and
 * waits until they answer. When one does not, the others are stopped again.
 *
 * @returns {Promise<{ addresses: Record<string, string>, stop: () => Promise<void> }>} The
 *   addresses by the names of the variables that the tests read.
 */
export async function startServers() {
  const outcomes = await Promise.allSettled([
    startKafka(),
    startElasticsearch(),
    startMinio(),
    startMongo(),
    startToxiproxy(),
  ]);
  const started = outcomes.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);
  const stop = async () => {
    await Promise.all(started.map(({ container }) => container.stop()));
  };
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  return { addresses: Object.assign({}, ...started.map(({ addresses }) => addresses)), stop };
}

function containerOf(name) {
  const { image, command, environment } = serverOf(name);
  const container = new GenericContainer(image)
    .withEnvironment(environment)
    .withStartupTimeout(START_WITHIN_MS);
  return command === undefined ? container : container.withCommand(command);
}

/**
 * A client is sent on to the address that the broker advertises, so that its port has to be known
 * before it starts. The broker's own way to itself stays within the container.
 */
async function startKafka() {
  const port = await freePort();
  const container = await containerOf('kafka')
    .withEnvironment({
      KAFKA_LISTENERS: 'OUTSIDE://:9092,INSIDE://:9094,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: `OUTSIDE://${HOST}:${port},INSIDE://localhost:9094`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP:
        'OUTSIDE:PLAINTEXT,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'INSIDE',
    })
    .withExposedPorts({ container: 9092, host: port })
    .start();
  return { container, addresses: { KAFKA_BROKERS: `${HOST}:${port}` } };
}

async function startElasticsearch() {
  const container = await containerOf('elasticsearch')
    .withExposedPorts(9200)
    .withWaitStrategy(Wait.forHttp('/_cluster/health?wait_for_status=yellow&timeout=1s', 9200))
    .start();
  return { container, addresses: { ELASTICSEARCH_URL: urlOf(container, 9200) } };
}

async function startMinio() {
  const { MINIO_ROOT_USER, MINIO_ROOT_PASSWORD } = serverOf('minio').environment;
  const container = await containerOf('minio')
    .withExposedPorts(9000)
    .withWaitStrategy(Wait.forHttp('/minio/health/live', 9000))
    .start();
  return {
    container,
    addresses: {
      MINIO_ENDPOINT: urlOf(container, 9000),
      MINIO_ACCESS_KEY: MINIO_ROOT_USER,
      MINIO_SECRET_KEY: MINIO_ROOT_PASSWORD,
    },
  };
}

async function startMongo() {
  const container = await containerOf('mongo').withExposedPorts(27017).start();
  return { container, addresses: { MONGODB_URL: urlOf(container, 27017, 'mongodb') } };
}

/**
 * On the host's own network: each test opens a proxy on a port of its own, which nobody could map
 * beforehand, in front of a server at the address that the test itself uses.
 */
async function startToxiproxy() {
  const port = await freePort();
  const container = await new GenericContainer(TOXIPROXY)
    .withNetworkMode('host')
    .withCommand([`-host=${HOST}`, `-port=${port}`])
    .start();
  const url = `http://${HOST}:${port}`;
  try {
    await untilItAnswers(new URL('/version', url));
  } catch (error) {
    await container.stop();
    throw error;
  }
  return { container, addresses: { TOXIPROXY_URL: url } };
}

const urlOf = (container, port, protocol = 'http') =>
  `${protocol}://${HOST}:${container.getMappedPort(port)}`;

async function freePort() {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Its image holds one program and nothing to run a check with, so it is asked from outside. */
async function untilItAnswers(url) {
  const deadline = AbortSignal.timeout(START_WITHIN_MS);
  for (;;) {
    const answer = await fetch(url, { signal: deadline }).catch(() => undefined);
    if (answer?.ok === true) return;
    if (deadline.aborted) throw new Error(`Nothing answers at ${url}.`);
    await delay(100);
  }
}
