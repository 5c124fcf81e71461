import { describe, expect, it } from '@jest/globals';
import { Identifier } from '@berkas/contracts';
import { z } from 'zod';
import { readAnswer } from './answer.ts';
import { askedSchema } from './json-schema.ts';

const Answer = z.strictObject({
  scores: z.strictObject({ correctness: z.int().min(1).max(5), creativity: z.int().min(1).max(5) }),
  verdict: z.enum(['hire', 'reject']),
  quotes: z.array(z.string()).max(2),
});
const GOOD = { scores: { correctness: 4, creativity: 3 }, verdict: 'hire', quotes: ['x'] };

function problemsOf(content: string, schema: z.ZodType = Answer): string[] {
  const read = readAnswer(content, schema, askedSchema(schema).propertyNames);
  if (!('problems' in read)) return [];
  const ids = read.problems.map(({ id }) => id);
  ids.forEach((id) => Identifier.parse(id));
  return ids;
}
const problemsOfJson = (value: unknown): string[] => problemsOf(JSON.stringify(value));

describe('an answer', () => {
  it.each([
    ['bare', JSON.stringify(GOOD)],
    ['with space around', `\n ${JSON.stringify(GOOD)}\n`],
    ['in a fence', `\`\`\`json\n${JSON.stringify(GOOD, null, 2)}\n\`\`\``],
  ])('is read %s', (_name, content) => {
    const read = readAnswer(content, Answer, new Set());
    expect(read).toEqual({ answer: GOOD });
  });

  it.each([
    ['nothing', ''],
    ['half of it', JSON.stringify(GOOD).slice(0, 20)],
    ['talk before it', `Here you are: ${JSON.stringify(GOOD)}`],
    ['talk after the fence', `\`\`\`json\n${JSON.stringify(GOOD)}\n\`\`\`\nAnything else?`],
    ['two values', `${JSON.stringify(GOOD)}${JSON.stringify(GOOD)}`],
  ])('is not taken out of %s', (_name, content) => {
    expect(problemsOf(content)).toEqual(['not_json']);
  });

  it.each([
    [{ ...GOOD, scores: { creativity: 3 } }, ['missing:scores.correctness']],
    [{ ...GOOD, verdict: undefined }, ['missing:verdict']],
    [
      { ...GOOD, scores: { correctness: 6, creativity: 0 } },
      ['range:scores.correctness', 'range:scores.creativity'],
    ],
    [
      { ...GOOD, scores: { correctness: '4', creativity: null } },
      ['type:scores.correctness', 'type:scores.creativity'],
    ],
    [{ ...GOOD, verdict: 'maybe' }, ['value:verdict']],
    [{ ...GOOD, quotes: ['a', 'b', 'c'] }, ['size:quotes']],
    [{ ...GOOD, quotes: [1] }, ['type:quotes.0']],
    [{ ...GOOD, extra: 1 }, ['unexpected']],
    [[], ['type']],
    [null, ['type']],
  ])('that is %p has the problems %p', (value, expected) => {
    expect(problemsOfJson(value)).toEqual(expected);
  });

  it('has no word of its own in a problem, not even as a key', () => {
    const schema = z.record(z.string(), z.number());
    const read = readAnswer('{"Budi Santoso": "x"}', schema, new Set());
    expect(read).toMatchObject({ problems: [{ id: 'type' }] });
  });

  it('that is missing a part is told so in words', () => {
    const read = readAnswer('{}', z.object({ score: z.number() }), new Set(['score']));
    expect(read).toEqual({ problems: [{ id: 'missing:score', words: 'score: is missing' }] });
  });
});
