import { expect, it } from '@jest/globals';
import * as contracts from '@berkas/contracts';
import { TOPICS } from './topics.ts';

const defined = Object.values(contracts as Record<string, unknown>).flatMap((value) =>
  typeof value === 'object' && value !== null && 'topic' in value ? [String(value.topic)] : [],
);

it('has the topic of every event, and each once', () => {
  const names = TOPICS.map(({ name }) => name);
  expect(defined.length).toBeGreaterThan(5);
  expect(names).toEqual(expect.arrayContaining(defined));
  expect(new Set(names).size).toBe(names.length);
});
