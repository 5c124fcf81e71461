import { describe, expect, it } from '@jest/globals';
import { cvs, fixturePath, reports } from '../fixtures/index.ts';
import { startBerkas } from './berkas-under-test.ts';

const cv = fixturePath(cvs['mid-english'].file);
const report = fixturePath(reports['excellent-english'].file);

async function screenWith(faults: object) {
  const berkas = await startBerkas({ OFFLINE_MODEL_FAULTS: JSON.stringify(faults) });
  try {
    return await berkas.screen(cv, report);
  } finally {
    await berkas.dispose();
  }
}

describe('a model that answers wrongly', () => {
  it.each(['break_json', 'break_schema', 'out_of_range', 'truncate'])(
    'fails the evaluation when every answer is wrong (%s), and makes no score up',
    async (kind) => {
      const ended = await screenWith({ plan: { probabilities: { [kind]: 1 } } });
      expect(ended).toMatchObject({ status: 'failed', error: { code: 'model_answer_invalid' } });
      if (ended.status === 'failed') expect(ended.error.reason).toMatch(/No score was made up/);
      expect(ended).not.toHaveProperty('result');
    },
  );

  it('is asked again with the error named, and the receipt counts it', async () => {
    const ended = await screenWith({ plan: { sequence: ['out_of_range', 'break_schema'] } });
    expect(ended.status).toBe('completed');
    if (ended.status === 'completed') {
      expect(ended.result.receipt.attempts).toBe(5);
      for (const { score } of ended.result.cv.parameters) expect([1, 2, 3, 4, 5]).toContain(score);
    }
  });

  it('fails the evaluation when it refuses', async () => {
    const ended = await screenWith({ plan: { probabilities: { refuse: 1 } } });
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'model_refused' } });
  });
});

describe('a model that stumbles', () => {
  it('costs the evaluation nothing but time: 500, 429 with Retry-After and a reset', async () => {
    const ended = await screenWith({ plan: { sequence: ['status_500', 'status_429', 'reset'] } });
    expect(ended.status).toBe('completed');
  });
});
