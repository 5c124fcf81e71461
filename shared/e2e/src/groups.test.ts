import { expect, it } from '@jest/globals';
import { GROUPS } from '@berkas/composition';
import { SERVICES } from './installation.ts';

it('has a group, and so a dead-letter topic, for every service that reads', () => {
  expect([...GROUPS].sort()).toEqual(SERVICES.filter((name) => name !== 'gateway').sort());
});
