import { evaluationIdentity } from '@berkas/contracts';
import { modelBudgetSpent, modelUnavailable, type CallBudget } from '@berkas/llm';
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
  /**
   * Names the process among those that share the documents. A new one at each start, unless no other
   * process can be at work: then what an earlier one had under way is known to be over.
   */
  readonly caller: string;
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
  /** Calls that may be on their way, the latest of each request. */
  readonly underWay: readonly UnderWay[];
};

type UnderWay = {
  readonly requestSha256: string;
  readonly caller: string;
  /** ISO 8601: its deadline is over by then. */
  readonly until: string;
};

/** How soon the ledger is looked at again for what another process has asked. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Kept in documents and counted before the call: a process that dies under a call, time after time,
 * has spent it. One write a call, next to a call that takes seconds.
 *
 * The same write says that the call is under way: an event that comes to another process meanwhile,
 * after a rebalance or a second time, waits for that answer rather than pay for another. A process
 * that dies leaves that behind, up to the call's deadline.
 */
export function createCallBudgets(options: CallBudgetOptions): CallBudgets {
  const { documents, limits, callTimeoutMs, caller, clock } = options;
  const collection = (): Promise<Collection<Spent>> =>
    documents.collection<Spent>({ name: 'model-budgets', indexes: [] });

  const spend = async (id: string, requestSha256: string): Promise<void> => {
    const lastCallAt = isoNow(clock);
    const nowMs = Date.parse(lastCallAt);
    const until = new Date(nowMs + callTimeoutMs).toISOString();
    // Of the last time that the change was made, which is the one that counts.
    let outcome: 'granted' | 'spent' | UnderWay = 'spent';
    const spent = await (
      await collection()
    ).modify<Spent>(id, (current) => {
      const calls = current?.calls ?? 0;
      const spentMs = spentUntil(current, lastCallAt, callTimeoutMs);
      const others = (current?.underWay ?? []).filter((one) => Date.parse(one.until) > nowMs);
      const same = others.find((one) => one.requestSha256 === requestSha256);
      outcome =
        same !== undefined && same.caller !== caller
          ? same
          : calls < limits.calls && spentMs < limits.timeMs
            ? 'granted'
            : 'spent';
      if (outcome !== 'granted' && current !== undefined) return current;
      const underWay = [...others.filter((one) => one !== same), { requestSha256, caller, until }];
      return { id, calls: calls + 1, spentMs, lastCallAt, underWay };
    });
    refuse(outcome, spent, nowMs);
  };

  const refuse = (outcome: 'granted' | 'spent' | UnderWay, spent: Spent, nowMs: number): void => {
    if (outcome === 'granted') return;
    if (outcome === 'spent') {
      const seconds = Math.round(
        spentUntil(spent, new Date(nowMs).toISOString(), callTimeoutMs) / 1000,
      );
      throw modelBudgetSpent({ calls: spent.calls, seconds });
    }
    const retryAfterMs = Math.min(LOOK_AGAIN_MS, Date.parse(outcome.until) - nowMs);
    throw modelUnavailable('under_way', { retryAfterMs });
  };

  return {
    of: (evaluation) => ({
      spend: (requestSha256) => spend(evaluationIdentity(evaluation), requestSha256),
    }),
  };
}

/** From the begin of the call before to the next counts for that call, and no more than it may take. */
function spentUntil(spent: Spent | undefined, at: string, callTimeoutMs: number): number {
  if (spent === undefined) return 0;
  const passedMs = Date.parse(at) - Date.parse(spent.lastCallAt);
  // A clock that was set back gives nothing back.
  return spent.spentMs + Math.min(callTimeoutMs, Math.max(0, passedMs));
}
