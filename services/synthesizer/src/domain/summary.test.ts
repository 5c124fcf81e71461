import { describe, expect, it } from '@jest/globals';
import { summaryProblems } from './summary.ts';

const problems = (text: string) => summaryProblems({ overall_summary: text });

describe('checking a summary', () => {
  it('accepts three to five sentences, decimals and all', () => {
    expect(problems('Scores 4.5 of 5. It knows Node.js well. Hire.')).toEqual([]);
    expect(problems('One. Two. Three. Four. Five.')).toEqual([]);
  });

  it('names how many there are when there are too few or too many', () => {
    expect(problems('Only one.')).toEqual(['overall_summary: 1 sentences; it must have 3 to 5.']);
    expect(problems('A b. B c. C d. D e. E f. F g.')).toEqual([
      'overall_summary: 6 sentences; it must have 3 to 5.',
    ]);
  });
});
