import type { z } from 'zod';

export type Problem = {
  /** For programs and failure events: of the system's own words, an `Identifier`. */
  readonly id: string;
  /** For the model that is asked again. */
  readonly words: string;
};

export type ReadAnswer<Answer> =
  { readonly answer: Answer } | { readonly problems: readonly [Problem, ...Problem[]] };

const FENCE = /^```json[^\S\n]*\n([\s\S]*)\n[^\S\n]*```$/;

/**
 * Reads the JSON of an answer, bare or in one fence, and holds it against the schema. Nothing is
 * repaired, filled in or cut to fit.
 */
export function readAnswer<Answer>(
  content: string,
  schema: z.ZodType<Answer>,
  propertyNames: ReadonlySet<string>,
): ReadAnswer<Answer> {
  const trimmed = content.trim();
  let json: unknown;
  try {
    json = JSON.parse(FENCE.exec(trimmed)?.[1] ?? trimmed);
  } catch {
    return { problems: [{ id: 'not_json', words: 'It is not one JSON value and nothing else.' }] };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { answer: parsed.data };
  const [first, ...rest] = parsed.error.issues.map((issue) =>
    problemOf(issue, json, propertyNames),
  );
  return { problems: [first ?? { id: 'schema', words: 'It does not fit the schema.' }, ...rest] };
}

function problemOf(
  issue: z.core.$ZodIssue,
  json: unknown,
  propertyNames: ReadonlySet<string>,
): Problem {
  const path = issue.path.map(String);
  // A key of the model's own making could be a word of the document.
  const isOurs = issue.path.every(
    (step) => typeof step === 'number' || propertyNames.has(String(step)),
  );
  const kind = kindOf(issue, json);
  const place = isOurs ? path.join('.').replaceAll(/[^\w.]/g, '_') : '';
  const id = place === '' ? kind : `${kind}:${place}`.slice(0, 128);
  const words = kind === 'missing' ? 'is missing' : issue.message;
  return { id, words: path.length === 0 ? words : `${path.join('.')}: ${words}` };
}

function kindOf(issue: z.core.$ZodIssue, json: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return valueAt(json, issue.path) === undefined ? 'missing' : 'type';
    case 'invalid_value':
      return valueAt(json, issue.path) === undefined ? 'missing' : 'value';
    case 'too_big':
    case 'too_small':
      return ['number', 'int', 'bigint'].includes(issue.origin) ? 'range' : 'size';
    case 'not_multiple_of':
      return 'range';
    case 'unrecognized_keys':
      return 'unexpected';
    case 'invalid_format':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return 'schema';
  }
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  let value = json;
  for (const step of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = Object.hasOwn(value, step) ? (value as Record<PropertyKey, unknown>)[step] : undefined;
  }
  return value;
}
