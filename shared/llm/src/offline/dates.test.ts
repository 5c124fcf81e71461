import { describe, expect, it } from '@jest/globals';

import { findDateRanges, monthsCovered, parseReferenceMonth } from './dates.ts';

const REFERENCE = parseReferenceMonth('2025-06');
const monthsOf = (text: string): number[] =>
  findDateRanges(text, REFERENCE).map(({ from, to }) => to - from);

describe('the dates of a CV', () => {
  it.each([
    ['Jan 2019 – Mar 2022', 39],
    ['2019-2022', 36],
    ['03/2021 – sekarang', 52],
    ['Agustus 2020 s.d. kini', 59],
    ['Mei 2020 s/d Des 2020', 8],
    ['2018 to date', 84],
    ['2018 - now', 84],
    ['September 2023 until October 2024', 14],
    ['1 Feb 2024 - 31 Jul 2024', 6],
    ['Juni 2021 hingga Agustus 2021', 3],
    ['Okt 2022 sampai dengan saat ini', 33],
    ["Jan '21 - Dec '22", 24],
    ['Jan - Mar 2022', 3],
    ['2020-01 – 2020-12', 12],
    ['since January 2025', 6],
    ['sejak 2024', 12],
    ['Q3 2020 - Q1 2022', 21],
    ['2021 Q2 – 2021 Q4', 9],
    ['2021 - 2021', 6],
    ['2019/2020', 0],
  ])('reads %s as %i months', (text, months) => {
    expect(monthsOf(text).reduce((sum, one) => sum + one, 0)).toBe(months);
  });

  it.each(['0812-2019-2022-11', 'version 2019.1', 'Rp 2019 - 50', '2022 - 2019', 'from 2 to 5'])(
    'finds no range in %s',
    (text) => {
      expect(monthsOf(text)).toEqual([]);
    },
  );

  it('counts overlapping months once', () => {
    const ranges = findDateRanges('Jan 2020 - Dec 2021, Jul 2021 - Jun 2022', REFERENCE);
    expect(monthsCovered(ranges)).toBe(30);
  });

  it('does not believe an end in the far future', () => {
    expect(monthsOf('Jan 2024 - Dec 2060')).toEqual([30]);
  });

  it('takes the present to be no earlier than the start of what runs to it', () => {
    expect(monthsOf('Aug 2025 - present')).toEqual([1]);
  });

  it('rejects a reference that is no month', () => {
    expect(() => parseReferenceMonth('2025-13')).toThrow(TypeError);
  });
});
