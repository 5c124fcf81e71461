import type { DocumentKind } from '@berkas/contracts';
import { looksLikePdf, SIGNATURE_WINDOW_BYTES } from '../../domain/pdf-signature.ts';
import { HttpProblem } from '../problem.ts';

/**
 * Passes a file on chunk by chunk and breaks off as soon as it cannot be accepted: at its first
 * kilobyte when it is no PDF, at the limit when it is too large.
 */
export async function* checkedPdf(
  content: AsyncIterable<Uint8Array>,
  { part, maxBytes }: { part: DocumentKind; maxBytes: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = 0;
  let head: Uint8Array = new Uint8Array(0);
  let isPdf = false;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(part, maxBytes);
    if (!isPdf) {
      head = Buffer.concat([head, chunk.subarray(0, SIGNATURE_WINDOW_BYTES - head.length)]);
      const verdict = looksLikePdf(head);
      if (verdict === 'other') throw notPdf(part);
      isPdf = verdict === 'pdf';
    }
    yield chunk;
  }
  if (bytes === 0) throw empty(part);
  if (!isPdf) throw notPdf(part);
}

const tooLarge = (part: string, maxBytes: number): HttpProblem =>
  partProblem(
    'file_too_large',
    part,
    `is larger than the limit of ${maxBytes} bytes. Export a smaller PDF, with smaller pictures for instance, and upload it.`,
  );

const notPdf = (part: string): HttpProblem =>
  partProblem(
    'file_not_pdf',
    part,
    `is not a PDF: its first ${SIGNATURE_WINDOW_BYTES} bytes hold no %PDF- signature. Export it as a PDF and upload that.`,
  );

const empty = (part: string): HttpProblem =>
  partProblem('file_empty', part, 'is empty. Check the file and upload it again.');

const partProblem = (
  code: 'file_too_large' | 'file_not_pdf' | 'file_empty',
  part: string,
  message: string,
): HttpProblem =>
  new HttpProblem(code, `The file in the part "${part}" ${message}`, {
    errors: [{ field: part, message: `The file ${message}` }],
  });
