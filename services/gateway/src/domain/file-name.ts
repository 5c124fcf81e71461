const MAX_CHARACTERS = 200;

// Line breaks and other controls forge log and header lines; bidirectional marks make
// "fdp.exe" read as "exe.pdf".
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The name of an uploaded file as its owner typed it, safe to show and to store: the base name
 * alone, without control characters, at most 200 characters; `fallback` when nothing is left.
 *
 * `raw` is what a multipart parser gives that reads header bytes as Latin-1. Browsers send UTF-8,
 * so bytes that are valid UTF-8 are taken as such, and all others stay Latin-1.
 */
export function safeFileName(raw: string, fallback: string): string {
  const base = decode(raw).split(/[/\\]/u).at(-1) ?? '';
  const clean = base.replace(UNSAFE, '').normalize('NFC').trim();
  const short = Array.from(clean).slice(0, MAX_CHARACTERS).join('');
  return short === '' || /^\.+$/u.test(short) ? fallback : short;
}

function decode(raw: string): string {
  // A name from `filename*=UTF-8''…` is decoded already: its letters go beyond one byte.
  if (/[^\u0000-\u00ff]/u.test(raw)) return raw;
  try {
    return strictUtf8.decode(Uint8Array.from(raw, (letter) => letter.charCodeAt(0)));
  } catch {
    return raw;
  }
}
