import { describe, expect, it } from '@jest/globals';
import { describeFailure } from '@berkas/contracts';
import { ModelError, modelBudgetSpent } from '@berkas/llm';
import { BerkasError } from '@berkas/service-kit';
import { failureFrom, isLastWord } from './model-failure.ts';

const invalid = new ModelError('No valid answer.', {
  code: 'model_answer_invalid',
  details: { attempts: 3, problems: ['missing:parameters.skills'] },
});

describe('the failure that an error means', () => {
  it('keeps the details of the model, for those who read why', () => {
    const failure = failureFrom(invalid, 'scoring_cv');
    expect(failure).toEqual({
      code: 'model_answer_invalid',
      stage: 'scoring_cv',
      details: { attempts: 3, problems: ['missing:parameters.skills'] },
    });
    expect(describeFailure(failure)).toContain('3 tries (missing:parameters.skills)');
  });

  it('has no details where there are none', () => {
    const refused = new ModelError('Declined.', { code: 'model_refused' });
    expect(failureFrom(refused, 'summarizing')).toEqual({
      code: 'model_refused',
      stage: 'summarizing',
    });
  });

  it('tells nothing of a bug', () => {
    const unknown = new BerkasError('secret', { code: 'passages_missing', retryable: false });
    for (const error of [unknown, new TypeError('secret')]) {
      expect(failureFrom(error, 'scoring_cv')).toEqual({
        code: 'internal_error',
        stage: 'scoring_cv',
      });
    }
  });
});

describe('the last word of the model', () => {
  it('is an answer that cannot be used, and nothing that may pass or can be mended', () => {
    expect(isLastWord(invalid)).toBe(true);
    expect(isLastWord(modelBudgetSpent({ calls: 60, seconds: 90 }))).toBe(false);
    expect(isLastWord(new ModelError('Later.', { code: 'model_unavailable' }))).toBe(false);
  });
});
