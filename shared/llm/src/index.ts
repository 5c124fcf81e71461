export * from './create-language-model.ts';
export * from './language-model.ts';
export { createMemoryLedger } from './ledger.ts';
export { DEFAULT_BREAKER } from './model-breaker.ts';
export { ModelError, type ModelErrorCode, type UnavailableReason } from './model-error.ts';
export * from './prompt-parts.ts';
export type { RetryOptions } from './retry.ts';
