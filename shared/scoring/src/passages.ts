import type { DocumentText } from '@berkas/contracts';

export type TextPassage = {
  /** 1-based. */
  readonly page: number;
  readonly text: string;
};

/** A few sentences: small enough to be about one thing, long enough to say it. */
const MAX_CHARACTERS = 700;

/**
 * Cuts pages into passages of up to 700 characters, along blank lines first, then lines, then
 * sentences, then words; never across pages, so that each passage has one page to be quoted from.
 */
export function cutIntoPassages(pages: DocumentText['pages']): TextPassage[] {
  return pages.flatMap((page) => {
    const blocks = page.text.split(/\n\s*\n/).flatMap((block) => cutBlock(block.trim()));
    return pack(blocks, '\n\n').map((text) => ({ page: page.number, text }));
  });
}

function cutBlock(block: string): string[] {
  if (block.length <= MAX_CHARACTERS) return block === '' ? [] : [block];
  const lines = block.split('\n').flatMap((line) => cutLine(line.trim()));
  return pack(lines, '\n');
}

function cutLine(line: string): string[] {
  if (line.length <= MAX_CHARACTERS) return line === '' ? [] : [line];
  const sentences = [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(line)];
  return pack(
    sentences.flatMap(({ segment }) => cutSentence(segment.trim())),
    ' ',
  );
}

function cutSentence(sentence: string): string[] {
  if (sentence.length <= MAX_CHARACTERS) return sentence === '' ? [] : [sentence];
  const words = sentence.split(/\s+/).flatMap((word) => word.match(/.{1,350}/gsu) ?? []);
  return pack(words, ' ');
}

/** Joins neighbours for as long as they fit into one passage. */
function pack(pieces: readonly string[], separator: string): string[] {
  const packed: string[] = [];
  for (const piece of pieces) {
    const last = packed.at(-1);
    const joined = last === undefined ? piece : last + separator + piece;
    if (last !== undefined && joined.length <= MAX_CHARACTERS) packed[packed.length - 1] = joined;
    else packed.push(piece);
  }
  return packed;
}
