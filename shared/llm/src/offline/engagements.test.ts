import { describe, expect, it } from '@jest/globals';

import { parseReferenceMonth } from './dates.ts';
import { readDocument } from './document.ts';
import { findEngagements } from './engagements.ts';

const engagementsIn = (text: string): [string, number][] =>
  findEngagements(readDocument(text), parseReferenceMonth('2026-11')).map(({ kind, range }) => [
    kind,
    range.to - range.from,
  ]);

describe('what is dated in a CV', () => {
  it('is work, a project or a school by its section, with dates broken over two lines', () => {
    expect(
      engagementsIn(
        'Experience\nBackend Engineer, Acme, Jan 2019 –\nMar 2020\nProjects\nBot, 2021 - 2022\nEducation\nUniversitas Samudra\n2014 - 2018',
      ),
    ).toEqual([
      ['employment', 15],
      ['project', 12],
      ['education', 48],
    ]);
  });

  it('is told apart by its words where there are no headings', () => {
    expect(
      engagementsIn(
        'Universitas Samudra, S1 Informatika, 2014 - 2018\n\nProgrammer, Toko, 2018 - 2020',
      ),
    ).toEqual([
      ['education', 48],
      ['employment', 24],
    ]);
    expect(engagementsIn('Experience\nLecturer, Universitas Samudra, 2018 - 2020')).toEqual([
      ['employment', 24],
    ]);
  });

  it('takes a dated bullet within a position for a part of it', () => {
    expect(
      engagementsIn(
        'Experience\nEngineer, Acme\nJan 2019 - Dec 2020\n- Migration (Feb 2019 - May 2019)\n- On call',
      ),
    ).toEqual([['employment', 24]]);
  });
});
