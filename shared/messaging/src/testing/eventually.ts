import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until `check` answers true. What it throws ends the wait at once. Rejects, naming what was
 * awaited, after 20 seconds: a limit against hanging, not a measure of speed.
 */
export async function eventually(
  check: () => boolean | Promise<boolean>,
  awaited: string = check.toString(),
): Promise<void> {
  const endsAt = Date.now() + 20_000;
  while (!(await check())) {
    if (Date.now() > endsAt) throw new Error(`Waited in vain for: ${awaited}`);
    await sleep(2);
  }
}
