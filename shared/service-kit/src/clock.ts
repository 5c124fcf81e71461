/** Time, injected so that tests decide it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** The time as ISO 8601 in UTC, as events and results carry it. */
export const isoNow = (clock: Clock): string => clock.now().toISOString();
