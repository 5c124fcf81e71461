import { delay } from '@berkas/service-kit';
import type { ModelProxy } from './model-proxy.ts';
import type { FaultChoice, FaultKind, PlannedFault } from './schedule.ts';
import type { Mend, System } from './system.ts';

/** A fault as it was. Times in milliseconds since the epoch. */
export type FaultRecord = {
  readonly kind: FaultKind;
  readonly target: string;
  readonly from: number;
  readonly to: number;
  /** Model calls under way when it began. */
  readonly inFlight: number;
};

const MODEL_FAULT_SHARE = 0.35;

const ofModel = (kind: FaultKind, lasts: FaultChoice['lasts'], share: number, all: number) =>
  Array.from({ length: Math.ceil(all * share) }, (): FaultChoice => {
    return { kind, target: 'model', group: 'model', lasts };
  });

/** What can be done to the model that is asked, as often as beside so many others it should be. */
export const modelChoices = (others: number): FaultChoice[] => [
  ...ofModel('model-errors', [3, 10], 0.25, others),
  ...ofModel('model-away', [2, 8], 0.1, others),
];

export interface Injector {
  /** Resolves when all of them are over and mended, or the signal was aborted and they are. */
  run(schedule: readonly PlannedFault[], signal: AbortSignal): Promise<void>;
  readonly records: readonly FaultRecord[];
}

/** Breaks and mends by schedule, and keeps account of it. */
export function createInjector(
  { system, model }: { system: System; model: ModelProxy },
  onFault: (fault: PlannedFault, inFlight: number) => void,
): Injector {
  const records: FaultRecord[] = [];

  const inject = async ({ kind, target }: PlannedFault): Promise<Mend> => {
    if (kind === 'model-errors') {
      model.setFaultShare(MODEL_FAULT_SHARE);
      return () => model.setFaultShare(0);
    }
    if (kind !== 'model-away') return system.inject({ kind, target });
    await model.goAway();
    return () => model.comeBack();
  };

  const runOne = async (fault: PlannedFault, signal: AbortSignal): Promise<void> => {
    await delay(fault.atMs, signal);
    if (signal.aborted) return;
    const { kind, target } = fault;
    const from = Date.now();
    const inFlight = model.inFlight();
    onFault(fault, inFlight);
    const mend = await inject(fault);
    await delay(fault.lastsMs, signal);
    await mend();
    records.push({ kind, target, from, to: Date.now(), inFlight });
  };

  return {
    records,
    run: async (schedule, signal) => {
      await Promise.all(schedule.map((fault) => runOne(fault, signal)));
    },
  };
}
