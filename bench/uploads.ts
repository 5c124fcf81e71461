import { delay } from '@berkas/service-kit';
import { heavyPdf, lightPdf } from './documents.ts';
import { MEBIBYTE, mebibytes, type Figure } from './figures.ts';
import { evaluateMs, JOB, peakResidentBytes } from './evaluations.ts';
import type { System } from './systems.ts';

/** A little under the limit of 10 MiB: the PDF around the attachment comes on top. */
const ATTACHMENT_BYTES = 10 * MEBIBYTE - 16_384;

/** Resident memory while many large uploads arrive at once, against that of the warm server. */
export async function benchUploads(
  { start }: System,
  { atOnce }: { atOnce: number },
): Promise<Figure[]> {
  const server = await start();
  const small = await lightPdf('small.pdf');
  const warm = await server.client.upload(small, small);
  await evaluateMs(server.client, warm.cv.id, warm.project_report.id, JOB);
  await delay(1000);

  const heavy = await heavyPdf('heavy.pdf', ATTACHMENT_BYTES);
  const before = await server.residentBytes();
  const uploads = Array.from({ length: atOnce }, () => server.client.upload(heavy, small));
  const peak = await peakResidentBytes(server, Promise.all(uploads));
  await server.stop();
  return [
    { what: 'resident before the uploads', value: mebibytes(before) },
    { what: `highest while ${atOnce} uploads of 10 MiB arrive at once`, value: mebibytes(peak) },
    { what: '… raised by', value: mebibytes(peak - before), aim: '< 60 MB' },
  ];
}
