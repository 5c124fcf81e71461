import { afterEach, beforeEach, describe } from '@jest/globals';
import { deliveryContract } from './contract/delivery.ts';
import type { EventBusHarness } from './contract/harness.ts';
import { logContract } from './contract/log.ts';
import { recoveryContract } from './contract/recovery.ts';

/** What an event bus is: every adapter runs this suite, and what it says holds for them all. */
export function eventBusContract(
  name: string,
  createHarness: () => Promise<EventBusHarness>,
): void {
  describe(`${name} as an event bus`, () => {
    let current: EventBusHarness;
    beforeEach(async () => {
      current = await createHarness();
    });
    afterEach(() => current.dispose());

    const context = { harness: () => current };
    deliveryContract(context);
    recoveryContract(context);
    logContract(context);
  });
}
