import { describe, expect, it } from '@jest/globals';
import { editDistance, findJob } from './find-job.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['same', 'same', 0],
  ])('from %j to %j is %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });
});

describe('findJob', () => {
  it('suggests at most three titles, the nearest first', () => {
    const jobs = ['Baker', 'Banker', 'Painter', 'Astronaut'].map((title) => ({ id: title, title }));
    expect(findJob(jobs, 'bakker')).toEqual({
      found: false,
      nearest: ['Baker', 'Banker', 'Painter'],
    });
  });

  it('suggests nothing when there are no jobs', () => {
    expect(findJob([], 'baker')).toEqual({ found: false, nearest: [] });
  });
});
