import { z } from 'zod';
import { BerkasError } from './errors.ts';

/** The environment does not fit; the message names every variable that is wrong. */
export class ConfigError extends BerkasError {
  constructor(problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((line) => `  ${line}`).join('\n')}`, {
      code: 'config_invalid',
      retryable: false,
    });
  }
}

/** Parses environment variables once, in a composition root. A variable set to '' counts as unset. */
export function parseConfig<Schema extends z.ZodType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  );
}

/** A variable that is a whole number within these bounds. */
export const integer = (least: number, most: number) =>
  z.coerce.number().int().min(least).max(most);
