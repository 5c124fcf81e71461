export * from './language-model.ts';
export * from './prompt-parts.ts';
