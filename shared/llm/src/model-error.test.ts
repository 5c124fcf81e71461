import { describe, expect, it } from '@jest/globals';
import { describeFailure, Failure, FailureDetails } from '@berkas/contracts';
import {
  bothUnavailable,
  modelAnswerInvalid,
  modelBudgetSpent,
  modelRefused,
  modelUnavailable,
} from './model-error.ts';

describe('an error of the model', () => {
  it('is retryable only when the model is unavailable', () => {
    expect(modelUnavailable('timeout').retryable).toBe(true);
    expect(modelRefused().retryable).toBe(false);
    expect(modelAnswerInvalid(3, ['schema']).retryable).toBe(false);
    expect(modelBudgetSpent({ calls: 60, seconds: 90 }).retryable).toBe(false);
  });

  it('has the code and the details that a failure event takes as they are', () => {
    const { code, details } = modelAnswerInvalid(3, ['missing:scores.correctness', 'not_json']);
    const failure = Failure.parse({ code, details, stage: 'scoring_project' });
    expect(describeFailure(failure)).toContain('3 tries (missing:scores.correctness, not_json)');

    const spent = modelBudgetSpent({ calls: 60, seconds: 90 });
    const stopped = Failure.parse({
      code: spent.code,
      details: spent.details,
      stage: 'scoring_cv',
    });
    expect(describeFailure(stopped)).toContain('60 calls, 90 seconds');

    const neither = bothUnavailable(modelUnavailable('timeout'), modelUnavailable('http_503'));
    expect(FailureDetails.parse(neither.details)).toEqual({
      reason: 'timeout',
      fallback: 'http_503',
    });
  });

  it('that neither endpoint answered is of a breaker only where one turned both away', () => {
    // What runs consumers counts no try that a breaker spoilt, and tells it by the causes.
    const turnedAway = modelUnavailable('breaker_open');
    const alsoTurnedAway = modelUnavailable('breaker_open');
    const down = modelUnavailable('http_503');
    expect(bothUnavailable(turnedAway, down).cause).toBe(down);
    expect(bothUnavailable(down, turnedAway).cause).toBe(down);
    expect(bothUnavailable(turnedAway, alsoTurnedAway).cause).toBe(alsoTurnedAway);
    expect(bothUnavailable(turnedAway, modelAnswerInvalid(1, [])).cause).toBe(turnedAway);
  });
});
