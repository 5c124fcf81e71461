import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '@berkas/service-kit';
import { z } from 'zod';
import { modelChecks, modelVariables } from './model-variables.ts';
import { fallbackModel } from './model.ts';
import { withChecks } from './variable-check.ts';

const read = (environment: Record<string, string>) =>
  parseConfig(withChecks(z.object(modelVariables), modelChecks()), environment);

const PRIMARY = {
  OPENAI_BASE_URL: 'https://one.example/v1',
  OPENAI_API_KEY: 'key-1',
  LLM_MODEL: 'judge-1',
  EMBEDDING_MODEL: 'embed-1',
};

describe('the model to fall back to', () => {
  it('is none unless one is named', () => {
    expect(fallbackModel(read(PRIMARY))).toBeUndefined();
    expect(fallbackModel(read({}))).toBeUndefined();
  });

  it('is another one at the same endpoint where no other is named', () => {
    expect(fallbackModel(read({ ...PRIMARY, LLM_FALLBACK_MODEL: 'judge-2' }))).toEqual({
      baseUrl: 'https://one.example/v1',
      apiKey: 'key-1',
      model: 'judge-2',
    });
  });

  it('does not get the key of the first one at another endpoint', () => {
    const other = {
      LLM_FALLBACK_MODEL: 'judge-2',
      LLM_FALLBACK_BASE_URL: 'https://two.example/v1',
    };
    const withoutKey = { baseUrl: 'https://two.example/v1', model: 'judge-2' };
    expect(fallbackModel(read({ ...PRIMARY, ...other }))).toEqual(withoutKey);
    const keyed = read({ ...PRIMARY, ...other, LLM_FALLBACK_API_KEY: 'key-2' });
    expect(fallbackModel(keyed)).toEqual({ ...withoutKey, apiKey: 'key-2' });
  });

  it.each([
    [{ ...PRIMARY, LLM_FALLBACK_BASE_URL: 'https://two.example/v1' }, 'LLM_FALLBACK_MODEL'],
    [{ ...PRIMARY, LLM_FALLBACK_API_KEY: 'key-2' }, 'LLM_FALLBACK_MODEL'],
    [{ LLM_FALLBACK_MODEL: 'judge-2' }, 'LLM_FALLBACK_BASE_URL'],
  ])('is refused half configured', (environment, variable) => {
    expect(() => read(environment)).toThrow(variable);
  });
});
