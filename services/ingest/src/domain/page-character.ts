/**
 * One character as a PDF page draws it. Lengths are points (1/72 inch) in the page's own space:
 * x to the right, y up, before the page's /Rotate.
 */
export type PageCharacter = {
  /** A UTF-16 unit or a whole character; the halves of a surrogate pair may come one by one. */
  text: string;
  /** The cell of the glyph: its advance wide, its font's ascent and descent high. */
  left: number;
  bottom: number;
  right: number;
  top: number;
  /** Where the glyph stands on its baseline. */
  originX: number;
  originY: number;
  /** The em as drawn: font size times text matrix. */
  size: number;
  /** The direction in which the text runs: degrees counterclockwise, 0 is to the right. */
  angle: number;
};

/** A character in a frame turned so that its text runs to the right and its lines go down. */
export type UprightCharacter = {
  text: string;
  left: number;
  right: number;
  baseline: number;
  size: number;
};

// Slightly skewed scans count as straight; a diagonal watermark does not.
const STRAIGHT_WITHIN_DEGREES = 7;
// A slanted glyph's box says little about its advance. A wide one is supposed, as too narrow ones would
// tear words; where they end, the document's spaces tell.
const SUPPOSED_ADVANCE_EMS = 0.7;

const directionOf = (angle: number): number => {
  const quadrant = Math.round(angle / 90) * 90;
  const direction =
    Math.abs(angle - quadrant) <= STRAIGHT_WITHIN_DEGREES ? quadrant : Math.round(angle);
  return ((direction % 360) + 360) % 360;
};

function turnUpright(character: PageCharacter, direction: number): UprightCharacter {
  const { text, size, left, right, bottom, top, originX, originY } = character;
  const radians = (direction * Math.PI) / 180;
  const baseline = originY * Math.cos(radians) - originX * Math.sin(radians);
  switch (direction) {
    case 0:
      return { text, size, baseline, left, right };
    case 90:
      return { text, size, baseline, left: bottom, right: top };
    case 180:
      return { text, size, baseline, left: -right, right: -left };
    case 270:
      return { text, size, baseline, left: -top, right: -bottom };
    default: {
      const along = originX * Math.cos(radians) + originY * Math.sin(radians);
      return { text, size, baseline, left: along, right: along + size * SUPPOSED_ADVANCE_EMS };
    }
  }
}

/**
 * Parts a page by the direction of its text, the direction of most characters first. Each group is
 * read in its own frame, so a page that lies on its side reads like any other, and a diagonal
 * watermark or a label along the margin does not tear the lines that it crosses.
 */
export function groupByDirection(characters: readonly PageCharacter[]): UprightCharacter[][] {
  const groups = new Map<number, UprightCharacter[]>();
  for (const character of characters) {
    const direction = directionOf(character.angle);
    const group = groups.get(direction) ?? [];
    group.push(turnUpright(character, direction));
    groups.set(direction, group);
  }
  return [...groups.values()].sort((one, other) => other.length - one.length);
}
