import { createHash } from 'node:crypto';
import { z } from 'zod';

import { parseParts, type PromptPart } from '../prompt-parts.ts';
import type { Month } from './dates.ts';
import { invalidRequest } from './errors.ts';
import { obey } from './obedience.ts';
import { rubricSchema } from './rubric.ts';
import { scoreDocument, type ScoringAnswer } from './scoring.ts';
import { evaluationsSchema, summarise } from './synthesis.ts';

export const CHAT_MODEL = 'offline-rules-1';
export const EMBEDDING_MODEL = 'offline-embedding-1';
export const FINGERPRINT = 'rules, not a language model';

/** What it can do, said whenever it is asked for something else. */
export const ABILITIES =
  'This is an offline model made of rules. It can (a) score a document: a user message with the parts `rubric`, `document` and `job_description` or `case_study_brief`, answered as {"parameters", "feedback"}; (b) sum up evaluations: parts `evaluations` and `job_title`, answered as {"overall_summary"}; (c) embed text.';

const contentSchema = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.literal('text'), text: z.string() })),
]);

const requestSchema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(z.looseObject({ role: z.string(), content: contentSchema.nullish() })).min(1),
  stream: z.boolean().nullish(),
  n: z.number().nullish(),
  response_format: z
    .looseObject({
      type: z.string(),
      json_schema: z
        .looseObject({
          schema: z
            .looseObject({ properties: z.record(z.string(), z.unknown()).optional() })
            .optional(),
        })
        .optional(),
    })
    .nullish(),
});

type ChatRequest = z.infer<typeof requestSchema>;

export type ChatOptions = {
  readonly referenceMonth: Month;
  /** Follows instructions that it finds in a document. A fault. */
  readonly obedient: boolean;
};

export type ChatAnswer =
  | { readonly kind: 'scoring'; readonly body: ScoringAnswer }
  | { readonly kind: 'synthesis'; readonly body: { overall_summary: string } };

/** Reads a request and answers it by rules. Throws an ApiError with status 400 for what it cannot do. */
export function answerChat(body: unknown, options: ChatOptions): ChatAnswer {
  const request = readRequest(body);
  const parts = findParts(request);
  if (parts.has('rubric') && parts.has('document')) {
    requireShape(request, ['parameters', 'feedback']);
    return { kind: 'scoring', body: score(parts, options) };
  }
  if (parts.has('evaluations')) {
    requireShape(request, ['overall_summary']);
    const evaluations = readJsonPart(parts, 'evaluations', evaluationsSchema);
    return { kind: 'synthesis', body: summarise(parts.get('job_title') ?? '', evaluations) };
  }
  throw invalidRequest('unsupported_prompt', `The prompt has no parts it knows. ${ABILITIES}`);
}

/** The chat completion, as the OpenAI API has it. `created` is 0: same request, same bytes. */
export function toCompletion(
  requestBody: string,
  messageText: string,
  outcome: { content: string | null; refusal?: string; finishReason: 'stop' | 'length' },
): Record<string, unknown> {
  const promptTokens = estimateTokens(messageText);
  const completionTokens = estimateTokens(outcome.content ?? outcome.refusal ?? '');
  return {
    id: `chatcmpl-${createHash('sha256').update(requestBody).digest('hex').slice(0, 24)}`,
    object: 'chat.completion',
    created: 0,
    model: CHAT_MODEL,
    system_fingerprint: FINGERPRINT,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: outcome.content, refusal: outcome.refusal ?? null },
        logprobs: null,
        finish_reason: outcome.finishReason,
      },
    ],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  };
}

/** An estimate: a token for every four UTF-16 code units, rounded up. Nothing here has a tokeniser. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

function readRequest(body: unknown): ChatRequest {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) {
    throw invalidRequest(
      'invalid_body',
      `Not a chat completion request: ${z.prettifyError(parsed.error)}`,
    );
  }
  const { model, stream, n, response_format: format } = parsed.data;
  if (model !== CHAT_MODEL) {
    throw invalidRequest(
      'model_not_found',
      `No model ${model} here; the chat model is ${CHAT_MODEL}.`,
    );
  }
  if (stream === true) throw invalidRequest('unsupported_stream', 'Streaming is not supported.');
  if (n !== undefined && n !== null && n !== 1) {
    throw invalidRequest('unsupported_n', 'One choice a request is supported.');
  }
  if (format !== undefined && format !== null && !FORMATS.has(format.type)) {
    throw invalidRequest('unsupported_format', `Answers are JSON, not ${format.type}.`);
  }
  return parsed.data;
}

const FORMATS = new Set(['json_schema', 'json_object']);

export function textOfMessages(body: unknown): string {
  const parsed = requestSchema.safeParse(body);
  return parsed.success ? parsed.data.messages.map(textOf).join('\n') : '';
}

function textOf(message: ChatRequest['messages'][number]): string {
  const { content } = message;
  if (typeof content === 'string') return content;
  return (content ?? []).map(({ text }) => text).join('\n');
}

/** Those of the first user message that has any: later ones only say what was wrong with an answer. */
function findParts(request: ChatRequest): Map<string, string> {
  for (const message of request.messages) {
    if (message.role !== 'user') continue;
    const parts: PromptPart[] = parseParts(textOf(message));
    if (parts.length === 0) continue;
    const byName = new Map<string, string>();
    for (const { name, content } of parts) {
      const earlier = byName.get(name);
      byName.set(name, earlier === undefined ? content : `${earlier}\n\n${content}`);
    }
    return byName;
  }
  return new Map();
}

function requireShape(request: ChatRequest, keys: readonly string[]): void {
  const properties = request.response_format?.json_schema?.schema?.properties;
  if (properties === undefined) return;
  const asked = Object.keys(properties);
  if (asked.length === keys.length && keys.every((key) => asked.includes(key))) return;
  throw invalidRequest(
    'unsupported_schema',
    `For these parts it answers {${keys.join(', ')}}, and the schema asks for {${asked.join(', ')}}. ${ABILITIES}`,
  );
}

function readJsonPart<Value>(
  parts: ReadonlyMap<string, string>,
  name: string,
  schema: z.ZodType<Value>,
): Value {
  let json: unknown;
  try {
    json = JSON.parse(parts.get(name) ?? '');
  } catch {
    throw invalidRequest('invalid_part', `The part \`${name}\` is not JSON.`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw invalidRequest('invalid_part', `The part \`${name}\`: ${z.prettifyError(parsed.error)}`);
}

function score(parts: ReadonlyMap<string, string>, options: ChatOptions): ScoringAnswer {
  const rubric = readJsonPart(parts, 'rubric', rubricSchema);
  const yardstick = rubric.scores === 'cv' ? 'job_description' : 'case_study_brief';
  const document = parts.get('document') ?? '';
  const answer = scoreDocument({
    rubric,
    yardstick: parts.get(yardstick) ?? '',
    document,
    referenceMonth: options.referenceMonth,
  });
  return options.obedient ? obey(answer, document) : answer;
}
