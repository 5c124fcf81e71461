import { SERVICE_STATE_LASTS_MS, type ServiceState } from '@berkas/contracts';

/**
 * How much waits before the service that is furthest behind. Undefined when no instance has said
 * anything of late. Never a sum: each instance tells of its whole group, and one evaluation waits at
 * one service at a time, or at both evaluators.
 */
export function largestBacklog(
  states: readonly Pick<ServiceState, 'seenAt' | 'backlog'>[],
  nowMs: number,
): number | undefined {
  const live = states.filter(({ seenAt }) => nowMs - Date.parse(seenAt) <= SERVICE_STATE_LASTS_MS);
  return live.length === 0 ? undefined : Math.max(...live.map(({ backlog }) => backlog));
}
