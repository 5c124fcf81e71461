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

describe('the bytes of a PDF', () => {
  it('stay the caller’s when they are given as they are', async () => {
    const given = new Uint8Array(await hello());
    const before = given.slice();
    expect(await extractorWith().extract(given)).toEqual(EXTRACTED_HELLO);
    expect(given).toEqual(before);
  });

  it('are asked for when their turn comes and no sooner, when given as a function', async () => {
    const extractor = extractorWith();
    const asked: string[] = [];
    const source = (name: string) => async () => {
      asked.push(name);
      return new Uint8Array(await hello());
    };
    const first = extractor.extract(source('first'));
    const second = extractor.extract(source('second'));
    expect(asked).toEqual(['first']);
    expect(await Promise.all([first, second])).toEqual([EXTRACTED_HELLO, EXTRACTED_HELLO]);
  });

  it('may be a part of a larger buffer, whose rest stays where it is', async () => {
    const content = await hello();
    const buffer = new Uint8Array(content.length + 10).fill(7);
    buffer.set(content);
    const part = () => Promise.resolve(buffer.subarray(0, content.length));
    expect(await extractorWith().extract(part)).toEqual(EXTRACTED_HELLO);
    expect(buffer.at(-1)).toBe(7);
  });

  it('cost their own document alone when they cannot be had', async () => {
    const extractor = extractorWith();
    const gone = extractor.extract(() => Promise.reject(new Error('gone')));
    const next = extractor.extract(await hello());
    await expect(gone).rejects.toThrow('gone');
    expect(await next).toEqual(EXTRACTED_HELLO);
  });
});

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
    // A small file that unpacks to 48 MB, all of which PDFium wants at once.
    const bomb = await makePdf((document) => document.addContent(' '.repeat(48_000_000)), {
      compress: true,
    });
    expect(bomb.length).toBeLessThan(100_000);
    const outcomes = await Promise.all([bomb, await hello()].map((pdf) => extractor.extract(pdf)));
    expect(outcomes).toEqual([
      { outcome: 'rejected', code: 'pdf_too_much_memory', details: { limitMb: 32 } },
      EXTRACTED_HELLO,
    ]);
  });

  it('count what a document needs, not how large its file is', async () => {
    const large = new Uint8Array(24_000_000);
    large.set(await hello());
    expect(await extractorWith({ memoryLimitMb: 32 }).extract(large)).toEqual(EXTRACTED_HELLO);
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
