import { z } from 'zod';

export type JsonSchema = { readonly [keyword: string]: unknown };

export type AskedSchema = {
  readonly jsonSchema: JsonSchema;
  /** Every property that the schema names, at any depth. */
  readonly propertyNames: ReadonlySet<string>;
};

/**
 * Strict structured output knows a part of JSON Schema and rejects a request with the rest in it.
 * What is dropped here is still checked, by zod, when the answer is there.
 * Source: "Supported schemas", Structured Outputs guide of the OpenAI platform.
 */
const UNSUPPORTED = new Set([
  '$schema',
  'default',
  'minLength',
  'maxLength',
  'uniqueItems',
  'propertyNames',
  'examples',
]);

const known = new WeakMap<z.ZodType, AskedSchema>();

/**
 * The JSON Schema to send for what a zod schema accepts: every object closed, every property
 * required, an optional one too. Throws a TypeError for a record, which strict output cannot say.
 */
export function askedSchema(schema: z.ZodType): AskedSchema {
  const found = known.get(schema);
  if (found !== undefined) return found;
  const propertyNames = new Set<string>();
  const jsonSchema = strict(z.toJSONSchema(schema, { io: 'input' }), propertyNames) as JsonSchema;
  const asked = { jsonSchema, propertyNames };
  known.set(schema, asked);
  return asked;
}

function strict(node: unknown, names: Set<string>): unknown {
  if (Array.isArray(node)) return node.map((inner) => strict(inner, names));
  if (node === null || typeof node !== 'object') return node;
  const entries = Object.entries(node).filter(([keyword]) => !UNSUPPORTED.has(keyword));
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of entries) {
    if (keyword === 'properties' || keyword === '$defs') {
      result[keyword] = mapValues(value as Record<string, unknown>, (inner) =>
        strict(inner, names),
      );
    } else if (keyword === 'enum' || keyword === 'const' || keyword === 'required') {
      result[keyword] = value;
    } else {
      // The branches of a discriminated union exclude each other: any one of them is just one.
      result[keyword === 'oneOf' ? 'anyOf' : keyword] = strict(value, names);
    }
  }
  return result['type'] === 'object' ? closed(result, names) : result;
}

function closed(object: Record<string, unknown>, names: Set<string>): Record<string, unknown> {
  const extra = object['additionalProperties'];
  if (extra !== undefined && typeof extra === 'object') {
    throw new TypeError('A record cannot be asked for as strict structured output: name its keys.');
  }
  const properties = Object.keys(object['properties'] ?? {});
  for (const name of properties) names.add(name);
  return { ...object, required: properties, additionalProperties: false };
}

const mapValues = (
  object: Record<string, unknown>,
  map: (value: unknown) => unknown,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
