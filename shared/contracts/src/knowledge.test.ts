import { describe, expect, it } from '@jest/globals';
import { Rubric } from './knowledge.ts';

const guide = { '1': 'none', '2': 'little', '3': 'some', '4': 'much', '5': 'all' };
const parameter = (id: string, weight: number) => ({ id, label: id, weight, looks_at: id, guide });
const rubric = (...parameters: object[]) => ({
  kind: 'rubric',
  id: 'own',
  title: 'Own',
  scores: 'cv',
  parameters,
});

describe('a rubric', () => {
  it('may have any parameters whose weights sum to 1', () => {
    const parameters = [0.1, 0.2, 0.3, 0.4].map((weight, index) => parameter(`p${index}`, weight));
    expect(Rubric.safeParse(rubric(...parameters)).success).toBe(true);
  });

  it('is refused when the weights do not sum to 1, saying what they sum to', () => {
    const { error } = Rubric.safeParse(rubric(parameter('a', 0.5), parameter('b', 0.4)));
    expect(error?.issues[0]?.message).toBe('The weights sum to 0.9000; they must sum to 1.');
  });

  it('is refused when two parameters share an id', () => {
    const { error } = Rubric.safeParse(rubric(parameter('a', 0.5), parameter('a', 0.5)));
    expect(error?.issues[0]?.message).toBe('Parameter ids repeat: a.');
  });

  it('is refused without a guide for every score', () => {
    const { '3': _, ...rest } = guide;
    const { error } = Rubric.safeParse(rubric({ ...parameter('a', 1), guide: rest }));
    expect(error?.issues[0]?.path).toEqual(['parameters', 0, 'guide', '3']);
  });
});
