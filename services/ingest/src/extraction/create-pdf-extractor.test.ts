import { afterEach, describe, expect, it } from '@jest/globals';
import { makePdf, makeRepeatingPdf } from './__fixtures__/make-pdf.ts';
import { createPdfExtractor, ExtractorClosedError, type PdfExtractorOptions } from './index.ts';

const open: { close(): Promise<void> }[] = [];
function extractorWith(options: PdfExtractorOptions = {}) {
  const extractor = createPdfExtractor({ workers: 1, ...options });
  open.push(extractor);
  return extractor;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((extractor) => extractor.close()));
});

const hello = () => makePdf((document) => document.text('hello'));
const pagesOf = (count: number) =>
  makePdf((document) => {
    for (let page = 1; page < count; page += 1) document.addPage().text('x');
  });
const EXTRACTED_HELLO = {
  outcome: 'extracted',
  pages: [{ number: 1, text: 'hello' }],
  characters: 5,
};

describe('a PDF that cannot be read', () => {
  it('is rejected as encrypted when it needs a password, and read when only its owner has one', async () => {
    const extractor = extractorWith();
    const locked = await makePdf((document) => document.text('x'), { userPassword: 'secret' });
    expect(await extractor.extract(locked)).toMatchObject({ code: 'pdf_encrypted' });
    const owned = await makePdf((document) => document.text('hello'), { ownerPassword: 'secret' });
    expect(await extractor.extract(owned)).toEqual(EXTRACTED_HELLO);
  });

  it('is rejected as corrupt when it is garbage, empty or cut short', async () => {
    const extractor = extractorWith();
    const whole = await hello();
    const files = [
      new Uint8Array(),
      new TextEncoder().encode('This is no PDF at all.'),
      crypto.getRandomValues(new Uint8Array(5000)),
      whole.slice(0, 300),
    ];
    for (const file of files) {
      expect(await extractor.extract(file)).toMatchObject({ code: 'pdf_corrupt' });
    }
    expect(await extractor.extract(whole)).toEqual(EXTRACTED_HELLO);
  });

  it('is rejected as one without text when it only draws shapes', async () => {
    const drawing = await makePdf((document) => document.rect(50, 50, 200, 200).fill('red'));
    expect(await extractorWith().extract(drawing)).toEqual({
      outcome: 'rejected',
      code: 'pdf_no_text',
      details: { pages: 1 },
    });
  });

  it('is rejected when it has more pages than the limit, and read when it has as many', async () => {
    const extractor = extractorWith();
    expect(await extractor.extract(await pagesOf(51))).toEqual({
      outcome: 'rejected',
      code: 'pdf_too_many_pages',
      details: { pages: 51, limit: 50 },
    });
    expect(await extractor.extract(await pagesOf(50))).toMatchObject({ outcome: 'extracted' });
  });
});

describe('the limits', () => {
  it('fail a document that is too slow and leave those that wait behind it alone', async () => {
    const extractor = extractorWith({ timeoutMs: 2000, maxPages: 10_000 });
    // A small file that takes minutes to read: every page draws the same thousand lines.
    const slow = makeRepeatingPdf({ pages: 5000, lines: 1000 });
    const outcomes = await Promise.all([slow, await hello()].map((pdf) => extractor.extract(pdf)));
    expect(outcomes).toEqual([
      { outcome: 'rejected', code: 'pdf_too_slow', details: { limitMs: 2000 } },
      EXTRACTED_HELLO,
    ]);
  });

  it('fail a document that needs too much of PDFium’s memory and go on with the next', async () => {
    const extractor = extractorWith({ memoryLimitMb: 32 });
    const large = new Uint8Array(24_000_000);
    large.set(await hello());
    const outcomes = await Promise.all([large, await hello()].map((pdf) => extractor.extract(pdf)));
    expect(outcomes).toEqual([
      { outcome: 'rejected', code: 'pdf_too_much_memory', details: { limitMb: 32 } },
      EXTRACTED_HELLO,
    ]);
  });
});

describe('the pool', () => {
  it('leaves the bytes to the caller, whatever buffer they are a view of', async () => {
    const pdf = await hello();
    const buffer = Buffer.alloc(pdf.length + 2000);
    buffer.set(pdf, 1000);
    const view = buffer.subarray(1000, 1000 + pdf.length);
    expect(await extractorWith().extract(view)).toEqual(EXTRACTED_HELLO);
    expect(view).toHaveLength(pdf.length);
    expect(buffer.buffer.byteLength).toBeGreaterThanOrEqual(buffer.length);
  });

  it('answers many more documents than it has workers, each with its own text', async () => {
    const extractor = extractorWith({ workers: 2 });
    const names = Array.from({ length: 30 }, (_, index) => `document${index}`);
    const texts = await Promise.all(
      names.map(async (name) => {
        const extraction = await extractor.extract(await makePdf((page) => page.text(name)));
        return extraction.outcome === 'extracted' ? extraction.pages[0]?.text : extraction.code;
      }),
    );
    expect(texts).toEqual(names);
  });

  it('starts a new worker after the last one ended for want of work', async () => {
    const extractor = extractorWith({ idleMs: 0 });
    expect(await extractor.extract(await hello())).toEqual(EXTRACTED_HELLO);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await extractor.extract(await hello())).toEqual(EXTRACTED_HELLO);
  });

  it('fails what is under way, waiting or yet to come once it is closed', async () => {
    const extractor = extractorWith();
    const pdf = await hello();
    const pending = Promise.allSettled([extractor.extract(pdf), extractor.extract(pdf)]);
    await extractor.close();
    const late = Promise.allSettled([extractor.extract(pdf)]);
    for (const result of [...(await pending), ...(await late)]) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: expect.any(ExtractorClosedError),
      });
    }
    await extractor.close();
  });
});
