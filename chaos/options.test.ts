import { describe, expect, it } from '@jest/globals';
import { readOptions, UsageError } from './options.ts';

describe('the options', () => {
  it('are small without any', () => {
    expect(readOptions([])).toEqual({
      ...{ evaluations: 20, seed: 1, minutes: 1, on: ['embedded'], faults: 10 },
      json: undefined,
    });
  });

  it('are read', () => {
    const given = '--evaluations 500 --seed 9 --minutes 2.5 --on both --faults 3 --json a.json';
    expect(readOptions(given.split(' '))).toEqual({
      ...{ evaluations: 500, seed: 9, minutes: 2.5, on: ['embedded', 'stack'], faults: 3 },
      json: 'a.json',
    });
  });

  it('ask for help', () => {
    expect(readOptions(['--help'])).toBeUndefined();
  });

  it.each([
    ['--evaluations', '0'],
    ['--evaluations', 'many'],
    ['--evaluations', '1.5'],
    ['--evaluations', ''],
    ['--minutes', '0'],
    ['--seed=-1', ''],
    ['--on', 'moon'],
    ['--on', 'toString'],
    ['--faults', '1e9'],
    ['--wrong', '1'],
    ['stray', 'words'],
  ])('are refused: %s %s', (name, text) => {
    expect(() => readOptions(name.includes('=') ? [name] : [name, text])).toThrow(UsageError);
  });
});
