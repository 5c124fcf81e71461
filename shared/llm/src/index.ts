export * from './create-language-model.ts';
export * from './language-model.ts';
export { createMemoryLedger } from './kept-answers.ts';
export { DEFAULT_BREAKER } from './model-breaker.ts';
export {
  modelBudgetSpent,
  modelUnavailable,
  ModelError,
  type ModelErrorCode,
  type UnavailableReason,
} from './model-error.ts';
export * from './prompt-parts.ts';
