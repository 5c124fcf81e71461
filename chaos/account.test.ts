import { describe, expect, it } from '@jest/globals';
import { describeAccount, type Account } from './account.ts';

const account: Account = {
  ...{ system: 'embedded', seed: 1, evaluations: 3, accepted: 3, completed: 2, failed: 1 },
  ...{ repeats: 4, seconds: 61.2, modelFaults: { hang: 2 }, differences: [] },
  faults: [
    { kind: 'kill', target: 'berkas', from: 1_000, to: 3_500, inFlight: 2 },
    { kind: 'kill', target: 'berkas', from: 9_000, to: 9_500, inFlight: 1 },
  ],
  modelCalls: { needed: 6, made: 7, spoilt: 2, excess: 1, allowed: 3, lost: [] },
};

describe('the account of a run', () => {
  it('counts the faults by kind and target, with the longest of them', () => {
    expect(describeAccount(account)).toContain('| kill berkas | 2 | 2.5 | 3 |');
  });

  it('says that the books agree only where nothing differs', () => {
    expect(describeAccount(account)).toMatch(/\nchaos: the books agree$/);
    const differences = ['eval_1: never closed', 'eval_1: never closed', 'eval_2: lost'];
    const text = describeAccount({ ...account, differences });
    expect(text).toContain('- eval_1: never closed (2 times)\n- eval_2: lost');
    expect(text).not.toContain('the books agree');
  });
});
