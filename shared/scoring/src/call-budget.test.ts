import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '@berkas/service-kit';
import { createTemporaryStorage, type TemporaryStorage } from '@berkas/storage/testing';
import { createCallBudgets, type CallBudgets } from './call-budget.ts';

const evaluation = { evaluationId: 'eval_0123456789abcdef01234567', run: 'live' };
const CALL_TIMEOUT_MS = 60_000;

let storage: TemporaryStorage;
let nowMs: number;
const clock: Clock = { now: () => new Date(nowMs) };
beforeEach(async () => {
  storage = await createTemporaryStorage();
  nowMs = Date.parse('2026-01-01T00:00:00Z');
});
afterEach(() => storage.dispose());

/** As a process has them; a second one is another process, or the same after a crash. */
const budgets = (limits: { calls?: number; timeMs?: number } = {}, caller = 'one'): CallBudgets =>
  createCallBudgets({
    documents: storage.documents,
    limits: { calls: 3, timeMs: 1_800_000, ...limits },
    callTimeoutMs: CALL_TIMEOUT_MS,
    caller,
    clock,
  });

describe('the budget of an evaluation', () => {
  it('ends its calls after so many, and says what went into it', async () => {
    const budget = budgets().of(evaluation);
    for (let call = 0; call < 3; call += 1) {
      await budget.spend('first');
      nowMs += 10_000;
    }
    await expect(budget.spend('first')).rejects.toMatchObject({
      code: 'model_budget_spent',
      retryable: false,
      details: { calls: 3, seconds: 30 },
    });
  });

  it('grants of many at the same time no more than there are', async () => {
    const processes = [budgets(), budgets(), budgets()];
    const calls = processes.flatMap((process) =>
      [1, 2].map(() => process.of(evaluation).spend('first')),
    );
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });

  it('is remembered by a process that starts again after each call', async () => {
    for (let crash = 0; crash < 3; crash += 1) await budgets().of(evaluation).spend('first');
    await expect(budgets().of(evaluation).spend('first')).rejects.toMatchObject({
      code: 'model_budget_spent',
    });
  });

  it('ends with the time that its calls took', async () => {
    const budget = budgets({ calls: 60, timeMs: 60_000 }).of(evaluation);
    await budget.spend('first');
    nowMs += 40_000;
    await budget.spend('first');
    nowMs += 20_000;
    await expect(budget.spend('first')).rejects.toMatchObject({
      details: { calls: 2, seconds: 60 },
    });
  });

  it('pays for no outage or queue between two calls, only for what a call may take', async () => {
    const budget = budgets({ calls: 60, timeMs: 3 * CALL_TIMEOUT_MS }).of(evaluation);
    for (let call = 0; call < 3; call += 1) {
      await budget.spend('first');
      nowMs += 24 * 3_600_000;
    }
    await expect(budget.spend('first')).rejects.toMatchObject({
      details: { calls: 3, seconds: 180 },
    });
  });

  it('is whole again in another round and in another run', async () => {
    const all = budgets({ calls: 1 });
    await all.of(evaluation).spend('first');
    await all.of({ ...evaluation, round: 1 }).spend('first');
    await all.of({ ...evaluation, run: 'rubric-v2' }).spend('first');
    await expect(all.of({ ...evaluation, round: 0 }).spend('first')).rejects.toThrow();
    await expect(all.of({ ...evaluation, round: 1 }).spend('first')).rejects.toThrow();
  });

  it('gains nothing when the clock is set back', async () => {
    const budget = budgets({ calls: 60, timeMs: 60_000 }).of(evaluation);
    await budget.spend('first');
    nowMs += 50_000;
    await budget.spend('first');
    nowMs -= 50_000;
    await budget.spend('first');
    nowMs += 10_000;
    await expect(budget.spend('first')).rejects.toMatchObject({
      details: { calls: 3, seconds: 60 },
    });
  });
});

describe('a call that is under way', () => {
  it('is waited for by other processes, and costs them nothing', async () => {
    await budgets({}, 'one').of(evaluation).spend('first');
    const other = budgets({}, 'other').of(evaluation);
    await expect(other.spend('first')).rejects.toMatchObject({
      code: 'model_unavailable',
      retryable: true,
      retryAfterMs: 1_000,
      details: { reason: 'under_way' },
    });
    await other.spend('second');
    await other.spend('third');
    await expect(other.spend('fourth')).rejects.toMatchObject({ details: { calls: 3 } });
  });

  it('may be made again by the process that made it, and by others after its deadline', async () => {
    await budgets({}, 'one').of(evaluation).spend('first');
    await budgets({}, 'one').of(evaluation).spend('first');
    nowMs += CALL_TIMEOUT_MS;
    await budgets({}, 'other').of(evaluation).spend('first');
  });
});
