import type { ChatAnswer } from './chat.ts';
import { ApiError } from './errors.ts';

export const TRANSPORT_FAULTS = [
  'late',
  'hang',
  'reset',
  'status_429',
  'status_500',
  'status_503',
] as const;
export const ANSWER_FAULTS = [
  'truncate',
  'break_json',
  'break_schema',
  'out_of_range',
  'invent_quote',
  'waver',
  'refuse',
] as const;

export type TransportFault = (typeof TRANSPORT_FAULTS)[number];
export type AnswerFault = (typeof ANSWER_FAULTS)[number];
export type Fault = TransportFault | AnswerFault;

export type FaultPlan<Kind extends string = Fault> = {
  /** First call, second call, …; `none` is a call without a fault. */
  readonly sequence?: readonly (Kind | 'none')[];
  /** After the sequence: the probability of each kind, adding up to 1 at most. */
  readonly probabilities?: Partial<Record<Kind, number>>;
  /** Of the probabilities. Same seed and same order of calls, same faults. */
  readonly seed?: number;
};

export type Faults = {
  /** Added to every chat answer. */
  readonly latencyMs?: number;
  /** Added to every embedding answer. */
  readonly embeddingLatencyMs?: number;
  /** What `late` adds; 30 000 by default. */
  readonly lateMs?: number;
  /** Of a 429; 1 by default. */
  readonly retryAfterSeconds?: number;
  /** Follows instructions that it finds in documents. */
  readonly obedient?: boolean;
  /** Every chat answer wavers by a point, up or down, by this seed and the call's number. */
  readonly waverSeed?: number;
  readonly plan?: FaultPlan;
  readonly embeddingPlan?: FaultPlan<TransportFault>;
};

export type FaultSource<Kind extends string> = { next(): Kind | undefined };

/** Throws a RangeError on probabilities that are none. */
export function createFaultSource<Kind extends string>(
  plan: FaultPlan<Kind> | undefined,
): FaultSource<Kind> {
  const sequence = plan?.sequence ?? [];
  const entries = Object.entries(plan?.probabilities ?? {}) as [Kind, number][];
  const total = entries.reduce((sum, [, probability]) => sum + probability, 0);
  if (entries.some(([, probability]) => !(probability >= 0)) || total > 1 + 1e-9) {
    throw new RangeError('fault probabilities must be at least 0 and add up to 1 at most');
  }
  const random = createRandom(plan?.seed ?? 1);
  let calls = 0;
  return {
    next() {
      const planned = sequence[calls];
      calls += 1;
      if (planned !== undefined) return planned === 'none' ? undefined : planned;
      if (entries.length === 0) return undefined;
      let left = random();
      for (const [kind, probability] of entries) {
        left -= probability;
        if (left < 0) return kind;
      }
      return undefined;
    },
  };
}

/** Mulberry32: numbers from 0 to 1 that depend on the seed alone. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function isTransportFault(fault: Fault): fault is TransportFault {
  return (TRANSPORT_FAULTS as readonly string[]).includes(fault);
}

/** The error of a `status_…` fault. */
export function errorOf(
  fault: 'status_429' | 'status_500' | 'status_503',
  retryAfterSeconds: number,
): ApiError {
  switch (fault) {
    case 'status_429':
      return new ApiError({
        status: 429,
        type: 'rate_limit_error',
        code: 'rate_limit_exceeded',
        message: 'Too many requests (a fault by configuration).',
        headers: { 'retry-after': String(retryAfterSeconds) },
      });
    case 'status_500':
    case 'status_503':
      return new ApiError({
        status: fault === 'status_500' ? 500 : 503,
        type: 'server_error',
        code: 'server_error',
        message: 'The server failed (a fault by configuration).',
      });
  }
}

export type Spoilt = { content: string | null; refusal?: string; finishReason: 'stop' | 'length' };

export const INVENTED_QUOTE =
  'Reduced the latency of seventeen interplanetary payment gateways by 4,096 percent';

/** The answer as it is sent: whole, or spoilt by a fault. `seed` decides how it wavers. */
export function serialise(
  answer: ChatAnswer,
  fault: AnswerFault | undefined,
  seed: number,
): Spoilt {
  const whole = JSON.stringify(answer.body);
  switch (fault) {
    case undefined:
      return { content: whole, finishReason: 'stop' };
    case 'truncate':
      return { content: whole.slice(0, Math.floor(whole.length / 2)), finishReason: 'length' };
    case 'break_json':
      return { content: `Here is the answer:\n${whole.replace('}', ',}')}`, finishReason: 'stop' };
    case 'refuse':
      return { content: null, refusal: 'I cannot help with that.', finishReason: 'stop' };
    case 'break_schema':
    case 'out_of_range':
    case 'invent_quote':
    case 'waver':
      return { content: JSON.stringify(spoil(answer, fault, seed)), finishReason: 'stop' };
  }
}

function spoil(
  answer: ChatAnswer,
  fault: 'break_schema' | 'out_of_range' | 'invent_quote' | 'waver',
  seed: number,
): unknown {
  // A summary has neither scores nor quotes: only its shape can be broken.
  if (answer.kind === 'synthesis') return fault === 'break_schema' ? {} : answer.body;
  const { parameters, feedback } = answer.body;
  const entries = Object.entries(parameters);
  const random = createRandom(seed);
  const spoilt = entries.map(([id, verdict], index) => {
    if (fault === 'waver') {
      const by = Math.floor(random() * 3) - 1;
      return [id, { ...verdict, score: Math.min(5, Math.max(1, verdict.score + by)) }];
    }
    if (index > 0) return [id, verdict];
    if (fault === 'out_of_range') return [id, { ...verdict, score: 7 }];
    return [id, { ...verdict, evidence: [{ quote: INVENTED_QUOTE, page: 1 }] }];
  });
  return {
    parameters: Object.fromEntries(fault === 'break_schema' ? entries.slice(1) : spoilt) as unknown,
    feedback,
  };
}
