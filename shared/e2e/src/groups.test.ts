import { expect, it } from '@jest/globals';
import { WORKERS } from '@berkas/contracts';
import { SERVICES } from './installation.ts';

it('has a group, and so a dead-letter topic, for every service that reads', () => {
  expect([...WORKERS].sort()).toEqual(SERVICES.filter((name) => name !== 'gateway').sort());
});
