import { describe, expect, it } from '@jest/globals';
import { createMemoryLedger } from './kept-answers.ts';

describe('the ledger in memory', () => {
  it('keeps the entries used last', async () => {
    const ledger = createMemoryLedger({ entries: 1 });
    const entry = { model: 'judge-1', content: '{}', tokens: { prompt: 1, completion: 1 } };
    await ledger.put({ id: 'a', ...entry });
    await ledger.put({ id: 'b', ...entry });
    await expect(ledger.get('a')).resolves.toBeUndefined();
    await expect(ledger.get('b')).resolves.toEqual({ id: 'b', ...entry });
  });
});
