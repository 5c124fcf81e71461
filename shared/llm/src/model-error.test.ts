import { describe, expect, it } from '@jest/globals';
import { describeFailure, Failure } from '@berkas/contracts';
import { modelAnswerInvalid, modelRefused, modelUnavailable } from './model-error.ts';

describe('an error of the model', () => {
  it('is retryable only when the model is unavailable', () => {
    expect(modelUnavailable('timeout').retryable).toBe(true);
    expect(modelRefused().retryable).toBe(false);
    expect(modelAnswerInvalid(3, ['schema']).retryable).toBe(false);
  });

  it('has the code and the details that a failure event takes as they are', () => {
    const { code, details } = modelAnswerInvalid(3, ['missing:scores.correctness', 'not_json']);
    const failure = Failure.parse({ code, details, stage: 'scoring_project' });
    expect(describeFailure(failure)).toContain('3 tries (missing:scores.correctness, not_json)');
  });
});
