export * from './adapters.ts';
export * from './model-variables.ts';
export * from './model.ts';
