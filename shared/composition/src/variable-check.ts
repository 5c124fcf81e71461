import type { z } from 'zod';

/** A rule about one variable that depends on others. */
export type VariableCheck = {
  readonly isMet: (given: object) => boolean;
  readonly otherwise: { path: [string]; message: string; when: () => boolean };
};

export const variableCheck = (
  name: string,
  isMet: (given: object) => boolean,
  message: string,
): VariableCheck => ({
  isMet,
  // Also when other variables are wrong: all errors are told at once.
  otherwise: { path: [name], message, when: () => true },
});

export const withChecks = <Schema extends z.ZodType<object>>(
  schema: Schema,
  checks: readonly VariableCheck[],
): Schema =>
  checks.reduce((checked, { isMet, otherwise }) => checked.refine(isMet, otherwise), schema);
