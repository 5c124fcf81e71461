/** A PDF says so within its first 1024 bytes. Source: ISO 32000-1, annex H.3, note 13. */
export const SIGNATURE_WINDOW_BYTES = 1024;

const SIGNATURE = '%PDF-';

/**
 * Whether a file that begins with `head` is a PDF: `undecided` as long as neither the signature
 * nor the whole window has been seen.
 */
export function looksLikePdf(head: Uint8Array): 'pdf' | 'other' | 'undecided' {
  const window = head.subarray(0, SIGNATURE_WINDOW_BYTES);
  let text = '';
  for (const byte of window) text += String.fromCharCode(byte);
  if (text.includes(SIGNATURE)) return 'pdf';
  return head.length >= SIGNATURE_WINDOW_BYTES ? 'other' : 'undecided';
}
