import { describe, expect, it } from '@jest/globals';

import { summarise, type Evaluations } from './synthesis.ts';

const evaluations = (cv: number[], project: number[]): Evaluations => {
  const mean = (scores: number[]): number =>
    scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const parameters = (scores: number[], name: string): Evaluations['cv']['parameters'] =>
    scores.map((score, index) => ({
      id: `${name}_${index}`,
      label: `${name} ${index}`,
      score,
      reason: '',
    }));
  return {
    cv: { match_rate: mean(cv) / 5, parameters: parameters(cv, 'Skill'), feedback: '' },
    project: { score: mean(project), parameters: parameters(project, 'Part'), feedback: '' },
  };
};

const sentencesOf = (text: string): string[] =>
  text.split(/\.\s|\.$/).filter((sentence) => sentence !== '');

describe('the summary', () => {
  it.each([
    [[5, 5, 5, 4], [5, 5, 4, 5, 5], 'invite to an interview'],
    [[4, 3, 4, 4], [4, 4, 3, 3, 2], 'invite to a first interview'],
    [[3, 3, 2, 3], [3, 3, 2, 2, 3], 'consider if stronger candidates are few'],
    [[1, 1, 1, 3], [1, 1, 1, 1, 1], 'do not proceed'],
    [[5, 5, 5, 5], [1, 1, 1, 1, 1], 'consider'],
  ])('recommends by the scores %j and %j: %s', (cv, project, recommendation) => {
    const { overall_summary: summary } = summarise('Backend engineer', evaluations(cv, project));
    expect(summary).toContain(recommendation);
    expect(sentencesOf(summary).length).toBeGreaterThanOrEqual(3);
    expect(sentencesOf(summary).length).toBeLessThanOrEqual(5);
  });

  it('names strengths and gaps with their scores', () => {
    const { overall_summary: summary } = summarise('', evaluations([5, 1], [3, 3]));
    expect(summary).toContain('Strengths are skill 0 (CV, 5).');
    expect(summary).toContain('Gaps are skill 1 (CV, 1).');
  });
});
