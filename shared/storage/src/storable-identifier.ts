export const MAX_IDENTIFIER_LENGTH = 512;

/**
 * Whether every adapter stores the string as it is and compares it whole: native string handling
 * cuts at NUL and replaces lone surrogates, so that two ids could become one.
 */
export const isStorableIdentifier = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= MAX_IDENTIFIER_LENGTH &&
  !value.includes('\u0000') &&
  !/\p{Surrogate}/u.test(value);
