import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import type { PortName } from './ports.ts';
import { runService, type ServiceDefinition } from './run-service.ts';

const neverMade = (): never => {
  throw new Error('made all the same');
};
const definition = {
  name: 'example',
  defaultPort: 0,
  ports: ['bus', 'blobs', 'documents', 'search', 'model'],
  variables: { EXAMPLE_CONCURRENCY: z.coerce.number().int().default(1) },
  create: neverMade,
} as const satisfies ServiceDefinition<PortName, z.ZodRawShape>;

let told = '';
const write = process.stderr.write.bind(process.stderr);
beforeEach(() => {
  told = '';
  process.stderr.write = ((text: string) => (told += text)) as unknown as typeof write;
});
afterEach(() => {
  process.stderr.write = write;
  jest.restoreAllMocks();
});

it('names every variable that is missing or wrong, and ends with 2', async () => {
  const status = await runService(definition, {
    KAFKA_BROKERS: 'a broker',
    MINIO_ENDPOINT: 'localhost:9000',
    MONGODB_URL: 'http://localhost',
    KAFKA_SASL_MECHANISM: 'plain',
    OPENAI_API_KEY: 'sk-none',
    EXAMPLE_CONCURRENCY: 'many',
    PORT: 'http',
  });
  expect(status).toBe(2);
  expect(told).toMatch(/^example cannot start\. The configuration is not usable:/);
  for (const name of [
    'PORT',
    'KAFKA_BROKERS',
    'KAFKA_SASL_USERNAME',
    'KAFKA_SASL_PASSWORD',
    'ELASTICSEARCH_URL',
    'MINIO_ENDPOINT',
    'MINIO_ACCESS_KEY',
    'MINIO_SECRET_KEY',
    'MONGODB_URL',
    'LLM_MODEL',
    'EMBEDDING_MODEL',
    'EXAMPLE_CONCURRENCY',
  ]) {
    expect(told).toMatch(new RegExp(`^ {2}${name}`, 'm'));
  }
});

it('asks for the addresses of those servers alone that the service uses', async () => {
  expect(await runService({ ...definition, ports: ['bus'] }, {})).toBe(2);
  expect(told).toContain('KAFKA_BROKERS: Required, such as 127.0.0.1:9092.');
  expect(told).not.toMatch(/MONGODB|MINIO|ELASTICSEARCH/);
});
