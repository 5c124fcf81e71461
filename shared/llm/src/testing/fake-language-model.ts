import type { Completion, CompletionRequest, LanguageModel } from '../language-model.ts';

type AnyRequest = CompletionRequest<unknown>;

/** A model that answers as told, checks as the real one does (once), and records what it was asked. */
export interface FakeLanguageModel extends LanguageModel {
  readonly requests: readonly AnyRequest[];
  readonly embedded: readonly (readonly string[])[];
}

/**
 * `answer` gives the parsed answer to a request, or throws what the model would reject with. An
 * answer that breaks the schema or the request's own check throws a plain Error, since a fake has
 * nobody to ask again.
 */
export function createFakeLanguageModel(
  answer: (request: AnyRequest) => unknown = () => ({}),
): FakeLanguageModel {
  const requests: AnyRequest[] = [];
  const embedded: (readonly string[])[] = [];
  return {
    requests,
    embedded,
    embeddingModel: 'fake-embedding',
    embed: (texts) => {
      embedded.push(texts);
      return Promise.resolve({ model: 'fake-embedding', vectors: texts.map(toyVector) });
    },
    complete: async <Answer>(request: CompletionRequest<Answer>): Promise<Completion<Answer>> => {
      await request.budget?.spend('f'.repeat(64));
      requests.push(request as unknown as AnyRequest);
      const given = await Promise.resolve(answer(request as unknown as AnyRequest));
      const parsed = request.schema.parse(given);
      const problems = request.check?.(parsed) ?? [];
      if (problems.length > 0) throw new Error(problems.join('\n'));
      return {
        answer: parsed,
        model: 'fake-model',
        endpoint: 'primary',
        requestSha256: 'f'.repeat(64),
        attempts: 1,
        tokens: { prompt: 100, completion: 10 },
        temperature: 0,
        seed: 7,
      };
    },
  };
}

/** Unit length, and near for texts with the same letters: enough to search with. */
function toyVector(text: string): number[] {
  const counts = Array.from({ length: 26 }, () => 0.01);
  for (const letter of text.toLowerCase()) {
    const index = letter.charCodeAt(0) - 97;
    const count = counts[index];
    if (count !== undefined) counts[index] = count + 1;
  }
  const length = Math.hypot(...counts);
  return counts.map((count) => count / length);
}
