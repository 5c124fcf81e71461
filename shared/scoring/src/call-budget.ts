import { evaluationIdentity } from '@berkas/contracts';
import { modelBudgetSpent, modelUnavailable, type CallBudget, type ModelError } from '@berkas/llm';
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

type Verdict = { readonly granted: Omit<Spent, 'id'> } | { readonly refused: ModelError };

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

  const judge = (spent: Spent | undefined, call: UnderWay, at: string): Verdict => {
    const nowMs = Date.parse(at);
    const others = (spent?.underWay ?? []).filter((one) => Date.parse(one.until) > nowMs);
    const same = others.find((one) => one.requestSha256 === call.requestSha256);
    if (same !== undefined && same.caller !== call.caller) {
      const retryAfterMs = Math.min(LOOK_AGAIN_MS, Date.parse(same.until) - nowMs);
      return { refused: modelUnavailable('under_way', { retryAfterMs }) };
    }
    const calls = spent?.calls ?? 0;
    const spentMs = spentUntil(spent, at, callTimeoutMs);
    if (calls >= limits.calls || spentMs >= limits.timeMs) {
      return { refused: modelBudgetSpent({ calls, seconds: Math.round(spentMs / 1000) }) };
    }
    const underWay = [...others.filter((one) => one !== same), call];
    return { granted: { calls: calls + 1, spentMs, lastCallAt: at, underWay } };
  };

  const spend = async (id: string, requestSha256: string): Promise<void> => {
    const at = isoNow(clock);
    const until = new Date(Date.parse(at) + callTimeoutMs).toISOString();
    const spent = await collection();
    // Thrown out of the change, it leaves what is stored as it was.
    await spent.modify(id, (current) => {
      const verdict = judge(current, { requestSha256, caller, until }, at);
      if ('refused' in verdict) throw verdict.refused;
      return { id, ...verdict.granted };
    });
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
