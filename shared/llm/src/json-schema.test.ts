import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { askedSchema } from './json-schema.ts';

describe('the JSON Schema that is sent', () => {
  it('closes every object, requires every property and drops what strict output rejects', () => {
    const schema = z.object({
      score: z.number().min(1).max(5),
      reason: z.string().min(1).default('none'),
      quotes: z.array(z.object({ quote: z.string(), page: z.number().optional() })).min(1),
    });
    expect(askedSchema(schema).jsonSchema).toEqual({
      type: 'object',
      properties: {
        score: { type: 'number', minimum: 1, maximum: 5 },
        reason: { type: 'string' },
        quotes: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            properties: { quote: { type: 'string' }, page: { type: 'number' } },
            required: ['quote', 'page'],
            additionalProperties: false,
          },
        },
      },
      required: ['score', 'reason', 'quotes'],
      additionalProperties: false,
    });
  });

  it('leaves properties alone that are called like a keyword', () => {
    const schema = z.object({ default: z.string(), minLength: z.number(), oneOf: z.boolean() });
    expect(askedSchema(schema).jsonSchema).toMatchObject({
      properties: { default: {}, minLength: {}, oneOf: {} },
      required: ['default', 'minLength', 'oneOf'],
    });
  });

  it('says a choice of shapes as anyOf', () => {
    const schema = z.object({
      outcome: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('scored'), score: z.number() }),
        z.object({ kind: z.literal('unclear') }),
      ]),
    });
    expect(askedSchema(schema).jsonSchema).toMatchObject({
      properties: { outcome: { anyOf: [{ required: ['kind', 'score'] }, { required: ['kind'] }] } },
    });
  });

  it('names the properties of every depth', () => {
    const schema = z.object({ scores: z.array(z.object({ correctness: z.number() })) });
    expect([...askedSchema(schema).propertyNames].sort()).toEqual(['correctness', 'scores']);
  });

  it('refuses a record, whose keys strict output cannot leave open', () => {
    expect(() => askedSchema(z.object({ by: z.record(z.string(), z.number()) }))).toThrow(
      TypeError,
    );
  });
});
