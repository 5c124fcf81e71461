export * from './fake-language-model.ts';
