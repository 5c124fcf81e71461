import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, parseConfig } from './config.ts';

const schema = z.object({
  PORT: z.coerce.number().int().default(8080),
  BROKERS: z.string(),
  LEVEL: z.enum(['info', 'warn']),
});

describe('reading the configuration', () => {
  it('takes what is set, defaults what is not, and an empty variable for not set', () => {
    expect(parseConfig(schema, { PORT: '', BROKERS: 'a:1', LEVEL: 'info', OTHER: 'x' })).toEqual({
      PORT: 8080,
      BROKERS: 'a:1',
      LEVEL: 'info',
    });
  });

  it('names every variable that is wrong, at once', () => {
    const parse = () => parseConfig(schema, { PORT: 'http', LEVEL: 'loud' });
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(/PORT: [\s\S]*BROKERS: [\s\S]*LEVEL: /);
  });
});
