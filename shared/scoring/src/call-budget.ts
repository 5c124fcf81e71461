import { evaluationIdentity } from '@berkas/contracts';
import { modelBudgetSpent, type CallBudget } from '@berkas/llm';
import { isoNow, type Clock } from '@berkas/service-kit';
import type { Collection, DocumentStore } from '@berkas/storage';

export type BudgetLimits = {
  /** HTTP requests of one round, of its two evaluators and the synthesizer together. */
  readonly calls: number;
  /** Milliseconds that they take the model. */
  readonly timeMs: number;
};

export type CallBudgetOptions = {
  readonly documents: DocumentStore;
  readonly limits: BudgetLimits;
  /** Of one call, in milliseconds: what passes beyond it until the next is an outage's or a queue's. */
  readonly callTimeoutMs: number;
  readonly clock: Clock;
};

type Evaluation = {
  readonly evaluationId: string;
  readonly run: string;
  readonly round?: number | undefined;
};

/** What each evaluation may ask of the model, in all processes and over all their crashes. */
export interface CallBudgets {
  /** Each round has its own: whoever reopens an evaluation allows it as much again. */
  of(evaluation: Evaluation): CallBudget;
}

/** What went into one round of an evaluation. */
export type Spent = {
  readonly id: string;
  readonly calls: number;
  readonly spentMs: number;
  /** ISO 8601: when the last call was about to go out. */
  readonly lastCallAt: string;
};

/**
 * Kept in documents and counted before the call: a process that dies under a call, time after time,
 * has spent it. One write a call, next to a call that takes seconds.
 */
export function createCallBudgets(options: CallBudgetOptions): CallBudgets {
  const { documents, limits, callTimeoutMs, clock } = options;
  const collection = (): Promise<Collection<Spent>> =>
    documents.collection<Spent>({ name: 'model-budgets', indexes: [] });

  const spend = async (id: string): Promise<void> => {
    const lastCallAt = isoNow(clock);
    // Of the last time that the change was made, which is the one that counts.
    const outcome = { isGranted: false };
    const spent = await (
      await collection()
    ).modify<Spent>(id, (current) => {
      const spentMs = spentUntil(current, lastCallAt, callTimeoutMs);
      const calls = current?.calls ?? 0;
      outcome.isGranted = calls < limits.calls && spentMs < limits.timeMs;
      return current === undefined || outcome.isGranted
        ? { id, calls: calls + 1, spentMs, lastCallAt }
        : current;
    });
    if (outcome.isGranted) return;
    const seconds = Math.round(spentUntil(spent, lastCallAt, callTimeoutMs) / 1000);
    throw modelBudgetSpent({ calls: spent.calls, seconds });
  };

  return { of: (evaluation) => ({ spend: () => spend(evaluationIdentity(evaluation)) }) };
}

/** From the begin of the call before to the next counts for that call, and no more than it may take. */
function spentUntil(spent: Spent | undefined, at: string, callTimeoutMs: number): number {
  if (spent === undefined) return 0;
  const passedMs = Date.parse(at) - Date.parse(spent.lastCallAt);
  // A clock that was set back gives nothing back.
  return spent.spentMs + Math.min(callTimeoutMs, Math.max(0, passedMs));
}
