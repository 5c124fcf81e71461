import { describe, expect, it } from '@jest/globals';
import { EvaluationResult, type CallReceipt, type PartResult } from '@berkas/contracts';
import { composeResult } from './compose-result.ts';

const reference = { id: 'any', version: 'v1' };
const call = (stage: CallReceipt['stage'], more: Partial<CallReceipt> = {}): CallReceipt => ({
  stage,
  model: 'model-a',
  endpoint: 'primary',
  prompt_version: `${stage}@1`,
  temperature: 0,
  seed: 7,
  request_sha256: 'c'.repeat(64),
  attempts: 1,
  tokens: { prompt: 100, completion: 10 },
  ...more,
});
const part = (stage: 'cv' | 'project', more: Partial<PartResult> = {}): PartResult => ({
  weighted_mean: 4,
  parameters: [
    { id: 'any', label: 'Any', weight: 1, score: 4, reason: 'So.', evidence: [], spread: 0 },
  ],
  feedback: `On the ${stage}.`,
  flags: [],
  context: [{ source: stage, version: 'v1', passage: `${stage}@v1#0` }],
  embedding_model: 'embedding-a',
  call: call(stage, { rubric_version: `${stage}-rubric@v1` }),
  ...more,
});
const compose = (cv: PartResult, project: PartResult): EvaluationResult =>
  composeResult({
    run: 'live',
    prepared: {
      cv: { id: 'doc_000000000000000000000001', sha256: 'a'.repeat(64) },
      projectReport: { id: 'doc_000000000000000000000002', sha256: 'b'.repeat(64) },
      knowledge: {
        job: reference,
        brief: reference,
        cv_rubric: reference,
        project_rubric: reference,
      },
    },
    cv,
    project,
    summary: 'In all.',
    call: call('synthesis', { attempts: 2 }),
    serviceVersion: '0.0.0',
  });

describe('the result of an evaluation', () => {
  it('has totals that are rounded once, from the exact means', () => {
    const result = compose(
      part('cv', { weighted_mean: 4.475 }),
      part('project', { weighted_mean: 3.425 }),
    );
    expect([result.cv_match_rate, result.project_score]).toEqual([0.9, 3.43]);
    expect(EvaluationResult.parse(result)).toEqual(result);
  });

  it('has a receipt over all calls', () => {
    const { receipt } = compose(part('cv'), part('project'));
    expect(receipt).toMatchObject({
      model: 'model-a',
      prompt_version: 'cv@1, project@1, synthesis@1',
      rubric_version: 'cv-rubric@v1, project-rubric@v1',
      attempts: 4,
      tokens: { prompt: 300, completion: 30 },
    });
    expect(receipt.calls.map(({ stage }) => stage)).toEqual(['cv', 'project', 'synthesis']);
    expect(receipt.context.map(({ source }) => source)).toEqual(['cv', 'project']);
  });

  it('names each model where the parts were answered by different ones', () => {
    const { receipt } = compose(
      part('cv', { call: call('cv', { model: 'model-b' }) }),
      part('project'),
    );
    expect(receipt.model).toBe('model-b, model-a');
  });

  it('asks for a review when either part has a flag', () => {
    const flag = { code: 'quote_not_found', message: 'Dropped.' };
    expect(compose(part('cv'), part('project')).needs_review).toBe(false);
    const flagged = compose(part('cv'), part('project', { flags: [flag] }));
    expect([flagged.needs_review, flagged.flags]).toEqual([true, [flag]]);
  });
});
