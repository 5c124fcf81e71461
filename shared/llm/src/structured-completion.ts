import type { Logger } from '@berkas/service-kit';
import { readAnswer, type Problem, type ReadAnswer } from './answer.ts';
import type { Ask, KeptAnswer } from './ask.ts';
import { askedSchema } from './json-schema.ts';
import type { ChatMessage, Completion, CompletionRequest } from './language-model.ts';
import { modelAnswerInvalid, modelRefused } from './model-error.ts';

const MAXIMUM_PROBLEMS_NAMED = 20;
const MAXIMUM_PROBLEM_LENGTH = 400;

export type CompletionSettings = {
  readonly model: string;
  readonly temperature: number;
  readonly seed: number;
  /** Answers asked for, at least 1. */
  readonly maxAttempts: number;
};

/**
 * Asks until an answer fits the schema and the caller's check: each time with the answer before and
 * what is wrong with it, so each is a request of its own, with its own hash and ledger entry.
 */
export async function completeStructured<Answer>(
  request: CompletionRequest<Answer>,
  settings: CompletionSettings,
  { ask, logger }: { ask: Ask; logger: Logger },
): Promise<Completion<Answer>> {
  const { model, temperature, seed, maxAttempts } = settings;
  const { schemaName } = request;
  const { jsonSchema, propertyNames } = askedSchema(request.schema);
  const tokens = { prompt: 0, completion: 0 };
  let messages: readonly ChatMessage[] = request.messages;

  for (let attempts = 1; ; attempts += 1) {
    const call = { model, messages, schemaName, jsonSchema, temperature, seed };
    const kept = await ask(call, request);
    if (kept.refused) throw modelRefused();
    tokens.prompt += kept.tokens.prompt;
    tokens.completion += kept.tokens.completion;
    const read = judge(kept, request, propertyNames);
    if ('answer' in read) {
      return {
        answer: read.answer,
        model: kept.model,
        endpoint: kept.endpoint,
        requestSha256: kept.requestSha256,
        attempts,
        tokens,
        temperature,
        seed,
      };
    }
    const problems = [...new Set(read.problems.map(({ id }) => id))].slice(
      0,
      MAXIMUM_PROBLEMS_NAMED,
    );
    logger.warn({ schemaName, attempts, problems }, 'the model gave an answer that does not fit');
    if (attempts >= maxAttempts) throw modelAnswerInvalid(attempts, problems);
    messages = [...request.messages, ...correction(kept.content, read.problems)];
  }
}

function judge<Answer>(
  kept: KeptAnswer,
  request: CompletionRequest<Answer>,
  propertyNames: ReadonlySet<string>,
): ReadAnswer<Answer> {
  if (kept.truncated) {
    const words = 'It was cut off at the length limit. Be briefer.';
    return { problems: [{ id: 'truncated', words }] };
  }
  const read = readAnswer(kept.content, request.schema, propertyNames);
  if ('problems' in read) return read;
  const [first, ...rest] = (request.check?.(read.answer) ?? []).map((words): Problem => ({
    id: 'check',
    words,
  }));
  return first === undefined ? read : { problems: [first, ...rest] };
}

/** Only the last answer goes back: the ones before it are known to be worse or no better. */
function correction(content: string, problems: readonly Problem[]): ChatMessage[] {
  const named = problems
    .slice(0, MAXIMUM_PROBLEMS_NAMED)
    .map(({ words }) => `- ${words.slice(0, MAXIMUM_PROBLEM_LENGTH)}`);
  const asked: ChatMessage = {
    role: 'user',
    content: [
      'Your last answer cannot be used:',
      ...named,
      'Answer the same request again, whole, as JSON that fits the schema, with these put right.',
    ].join('\n'),
  };
  // Some endpoints reject an empty message.
  return content.trim() === '' ? [asked] : [{ role: 'assistant', content }, asked];
}
