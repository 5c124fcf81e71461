import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@berkas/service-kit';
import { z } from 'zod';
import type { Ask, KeptAnswer } from './ask.ts';
import type { CompletionRequest } from './language-model.ts';
import type { ChatCall } from './model-endpoint.ts';
import { completeStructured } from './structured-completion.ts';

const SETTINGS = { model: 'judge-1', temperature: 0, seed: 7, maxAttempts: 3 };
const REQUEST = {
  schemaName: 'evaluation',
  schema: z.object({ score: z.int().min(1).max(5) }),
  messages: [{ role: 'user', content: 'Score it.' }],
} satisfies CompletionRequest<{ score: number }>;

/** Answers in this order and keeps what it was asked. */
function scriptedAsk(...answers: (string | Partial<KeptAnswer>)[]): {
  ask: Ask;
  asked: ChatCall[];
} {
  const asked: ChatCall[] = [];
  const ask: Ask = (call) => {
    const answer = answers[asked.length];
    asked.push(call);
    return Promise.resolve({
      model: 'scripted-1',
      endpoint: 'primary',
      content: '',
      tokens: { prompt: 10, completion: 2 },
      truncated: false,
      refused: false,
      requestSha256: `hash-${asked.length}`,
      ...(typeof answer === 'string' ? { content: answer } : answer),
    });
  };
  return { ask, asked };
}

const complete = (ask: Ask, request: Partial<CompletionRequest<{ score: number }>> = {}) =>
  completeStructured({ ...REQUEST, ...request }, SETTINGS, {
    ask,
    logger: createLogger({ level: 'silent' }),
  });

describe('a structured completion', () => {
  it('hands over the first answer that fits, with how it came about', async () => {
    const { ask, asked } = scriptedAsk('{"score":4}');
    await expect(complete(ask)).resolves.toEqual({
      answer: { score: 4 },
      model: 'scripted-1',
      endpoint: 'primary',
      requestSha256: 'hash-1',
      attempts: 1,
      tokens: { prompt: 10, completion: 2 },
      temperature: 0,
      seed: 7,
    });
    expect(asked).toHaveLength(1);
  });

  it('asks again with the last answer and its problems, and sums the tokens', async () => {
    const { ask, asked } = scriptedAsk('{"score":9}', '{}', '{"score":5}');
    await expect(complete(ask)).resolves.toMatchObject({
      answer: { score: 5 },
      attempts: 3,
      requestSha256: 'hash-3',
      tokens: { prompt: 30, completion: 6 },
    });
    expect(asked[2]?.messages).toEqual([
      { role: 'user', content: 'Score it.' },
      { role: 'assistant', content: '{}' },
      {
        role: 'user',
        content:
          'Your last answer cannot be used:\n- score: is missing\nAnswer the same request again, whole, as JSON that fits the schema, with these put right.',
      },
    ]);
  });

  it('holds an answer against the check of the caller, in the words of the check', async () => {
    const { ask, asked } = scriptedAsk('{"score":4}', '{"score":2}');
    const check = ({ score }: { score: number }): string[] =>
      score > 3 ? ['A score above 3 needs a quote.'] : [];
    await expect(complete(ask, { check })).resolves.toMatchObject({ answer: { score: 2 } });
    expect(asked[1]?.messages.at(-1)?.content).toContain('- A score above 3 needs a quote.');
  });

  it('takes an answer that was cut off for no answer, even if it reads like one', async () => {
    const { ask, asked } = scriptedAsk({ content: '{"score":4}', truncated: true }, '{"score":3}');
    await expect(complete(ask)).resolves.toMatchObject({ answer: { score: 3 }, attempts: 2 });
    expect(asked[1]?.messages.at(-1)?.content).toContain('cut off');
  });

  it('sends no empty message back after an empty answer', async () => {
    const { ask, asked } = scriptedAsk('', '{"score":3}');
    await complete(ask);
    expect(asked[1]?.messages.map(({ role }) => role)).toEqual(['user', 'user']);
  });

  it('says which endpoint gave the answer that fits', async () => {
    const { ask } = scriptedAsk('{"score":9}', { content: '{"score":4}', endpoint: 'fallback' });
    await expect(complete(ask)).resolves.toMatchObject({ endpoint: 'fallback', attempts: 2 });
  });

  it('is model_refused when the model declines, and does not ask again', async () => {
    const { ask, asked } = scriptedAsk({ refused: true });
    await expect(complete(ask)).rejects.toMatchObject({ code: 'model_refused', retryable: false });
    expect(asked).toHaveLength(1);
  });

  it('ends as model_answer_invalid when no answer fits, naming the problems of the last', async () => {
    const { ask, asked } = scriptedAsk('nothing', '{"score":9}', '{"score":0}');
    await expect(complete(ask)).rejects.toMatchObject({
      code: 'model_answer_invalid',
      retryable: false,
      details: { attempts: 3, problems: ['range:score'] },
    });
    expect(asked).toHaveLength(3);
  });

  it('keeps the words of a check out of its error', async () => {
    const { ask } = scriptedAsk(...Array<string>(3).fill('{"score":4}'));
    const failed = complete(ask, { check: () => ['Budi Santoso said no such thing.'] });
    await expect(failed).rejects.toMatchObject({ details: { problems: ['check'] } });
    await expect(failed).rejects.not.toThrow('Budi');
  });
});
