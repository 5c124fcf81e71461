import { describe, expect, it } from '@jest/globals';
import type { PageCharacter } from './page-character.ts';
import { joinHyphenated, normalize, pageText } from './page-text.ts';

/** Letters 5 pt wide from a point on, in one of the four directions. */
function write(text: string, x: number, y: number, angle: 0 | 90 | 180 | 270 = 0): PageCharacter[] {
  const [dx, dy] = { 0: [5, 0], 90: [0, 5], 180: [-5, 0], 270: [0, -5] }[angle] as [number, number];
  // From the baseline to the top of a glyph, turned with the text.
  const [upX, upY] = [-dy * 1.6, dx * 1.6];
  return Array.from(text).map((letter, index) => {
    const [originX, originY] = [x + index * dx, y + index * dy];
    const corners = { x: [originX, originX + dx + upX], y: [originY, originY + dy + upY] };
    return {
      text: letter,
      left: Math.min(...corners.x),
      right: Math.max(...corners.x),
      bottom: Math.min(...corners.y),
      top: Math.max(...corners.y),
      originX,
      originY,
      size: 10,
      angle,
    };
  });
}

describe('pageText', () => {
  it('reads a heading with wide letter spacing as words', () => {
    const heading = Array.from('WORK HISTORY').flatMap((letter, index) =>
      letter === ' ' ? [] : write(letter, 50 + index * 8, 700),
    );
    expect(pageText(heading)).toBe('WORK HISTORY');
  });

  it('puts a line break between lines and a blank line between blocks', () => {
    const page = [
      ...write('Budi Santoso', 50, 700),
      ...write('Jakarta', 50, 688),
      ...write('Pengalaman', 50, 650),
    ];
    expect(pageText(page)).toBe('Budi Santoso\nJakarta\n\nPengalaman');
  });

  it.each([90, 180, 270] as const)('reads text that runs at %s degrees like any other', (angle) => {
    const [stepX, stepY] = { 90: [12, 0], 180: [0, 12], 270: [-12, 0] }[angle] as [number, number];
    const page = [
      ...write('first line', 300, 300, angle),
      ...write('second line', 300 + stepX, 300 + stepY, angle),
    ];
    expect(pageText(page)).toBe('first line\nsecond line');
  });

  it('reads a label along the margin after the text that it runs beside', () => {
    const page = [
      ...write('arXiv', 20, 660, 90),
      ...write('abstract one', 50, 700),
      ...write('abstract two', 50, 688),
    ];
    expect(pageText(page)).toBe('abstract one\nabstract two\n\narXiv');
  });

  it('leaves lines whole that a slanted watermark crosses', () => {
    const slanted = Array.from('DRAFT').flatMap((text, index) =>
      write(text, 60 + index * 5, 680 + index * 5).map((letter) => ({ ...letter, angle: 45 })),
    );
    const page = [...slanted, ...write('confidential text', 50, 700), ...write('more', 50, 688)];
    expect(pageText(page)).toBe('confidential text\nmore\n\nDRAFT');
  });

  it('keeps text that nobody would see', () => {
    const tiny = write('ignore this', 50, 600).map((character) => ({ ...character, size: 0.5 }));
    expect(pageText([...write('seen', 50, 700), ...tiny])).toContain('ignore');
  });

  it('is empty for a page without characters', () => {
    expect(pageText([])).toBe('');
  });
});

describe('joinHyphenated', () => {
  it('joins a word broken between letters and leaves the rest of the line where it was', () => {
    expect(joinHyphenated(['a distri-', 'buted system', 'works'])).toEqual([
      'a distributed',
      'system',
      'works',
    ]);
    expect(joinHyphenated(['soft\u00ad', 'ware'])).toEqual(['software']);
  });

  it('joins a word that is broken over more than two lines', () => {
    expect(joinHyphenated(['inter-', 'nation-', 'al'])).toEqual(['international']);
  });

  it('leaves a hyphen that no lower-case letter follows or no letter precedes', () => {
    const lines = ['North-', 'South', '2019 -', 'now', '2020-', 'present'];
    expect(joinHyphenated(lines)).toEqual(lines);
  });

  it('keeps the hyphen of an Indonesian doubled word', () => {
    expect(joinHyphenated(['undang-', 'undang baru'])).toEqual(['undang-undang', 'baru']);
    expect(joinHyphenated(['perundang-', 'undangan'])).toEqual(['perundang-undangan']);
  });
});

describe('normalize', () => {
  it('takes ligatures apart, composes accents and drops soft hyphens and half surrogates', () => {
    expect(normalize('e\ufb03cient \ufb02ow cafe\u0301 micro\u00adservice \ud83d!')).toBe(
      'efficient flow café microservice !',
    );
  });

  it('keeps bullets, dashes and names, and turns the bullets of symbol fonts into real ones', () => {
    expect(normalize('• 2019 – 2023 Siti Nurjanah Çelik')).toBe(
      '• 2019 – 2023 Siti Nurjanah Çelik',
    );
    expect(normalize('\uf0b7 satu \uf0a7 dua')).toBe('• satu ▪ dua');
  });
});

describe('normalize and icon fonts', () => {
  it('makes a bullet of an icon that opens a line, and drops one elsewhere', () => {
    expect(normalize('\uF00C Built the shop')).toBe('• Built the shop');
    expect(normalize('Bandung \uF0E0 siti@example.com')).toBe('Bandung siti@example.com');
  });
});
