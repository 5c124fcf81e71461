import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makePdf, paragraph, write, writeLines, type Drawing } from './__fixtures__/make-pdf.ts';
import { createPdfExtractor, type PdfExtractor } from './index.ts';

let extractor: PdfExtractor;
beforeAll(() => {
  extractor = createPdfExtractor({ workers: 1 });
});
afterAll(() => extractor.close());

async function pagesOf(
  draw: (document: Drawing) => void,
  options: PDFKit.PDFDocumentOptions = {},
): Promise<string[]> {
  const extraction = await extractor.extract(await makePdf(draw, options));
  if (extraction.outcome === 'rejected') throw new Error(extraction.code);
  return extraction.pages.map(({ text }) => text);
}

const words = (text: string | undefined): string[] => (text ?? '').split(/\s+/);
const wordsOf = (name: string, count: number): string[] => words(paragraph(name, count));

describe('the text of a page', () => {
  it('keeps a single column in order, with its paragraphs apart', async () => {
    const [text] = await pagesOf((document) => {
      document.text(paragraph('satu', 60), { paragraphGap: 12 }).text(paragraph('dua', 60));
    });
    expect(words(text)).toEqual([...wordsOf('satu', 60), ...wordsOf('dua', 60)]);
    expect(text?.split('\n\n')).toHaveLength(2);
  });

  it('reads a CV with a sidebar column by column, though drawn in any order', async () => {
    const [text] = await pagesOf((document) => {
      document.text(paragraph('main', 200), 200, 100, { width: 350 });
      document.fontSize(22).text('Siti Rahmawati', 40, 40);
      document.fontSize(9).text(paragraph('side', 50), 40, 100, { width: 120 });
    });
    expect(words(text)).toEqual([
      'Siti',
      'Rahmawati',
      ...wordsOf('side', 50),
      ...wordsOf('main', 200),
    ]);
  });

  it('reads a sidebar of short entries apart from the jobs beside it', async () => {
    const skills = ['SKILLS', 'Node.js', 'Kafka', 'PostgreSQL', 'Docker', 'LANGUAGES', 'English'];
    const jobs = ['EXPERIENCE', 'Engineer, Maju', '2021 – now', '• Built APIs', 'Intern, Karya'];
    const [text] = await pagesOf((document) => {
      writeLines(document, skills, { x: 40, y: 100, leading: 14 });
      writeLines(document, jobs, { x: 220, y: 100, leading: 14 });
    });
    expect(text).toBe(`${skills.join('\n')}\n\n${jobs.join('\n')}`);
  });

  it('reads a report in two columns under a title, with a full-width section between', async () => {
    const [text] = await pagesOf((document) => {
      document.fontSize(16).text('A Title Over Both Of The Columns', 40, 40, { align: 'center' });
      document.fontSize(10);
      const columns = { columns: 2, columnGap: 14, height: 150, align: 'justify' } as const;
      document.text(paragraph('first', 130), 40, 64, columns);
      document.text(paragraph('between', 60), 40, 240);
      document.text(paragraph('second', 100), 40, 340, columns);
    });
    const title = words('A Title Over Both Of The Columns');
    const body = [...wordsOf('first', 130), ...wordsOf('between', 60), ...wordsOf('second', 100)];
    expect(words(text)).toEqual([...title, ...body]);
  });

  it('keeps right-aligned dates and table rows on one line', async () => {
    const rows = [
      ['Software Engineer, PT Maju Jaya', '2021 – Present'],
      ['Data Analyst, Sumber Data Nusantara', '2019 – 2021'],
      ['Intern, Karya', 'Jun 2018 – Dec 2018'],
      ['Company ............................', '2015 – 2018'],
    ] as const;
    const [text] = await pagesOf((document) => {
      rows.forEach(([job, dates], index) => {
        const y = 60 + index * 14;
        write(document, job, 40, y);
        write(document, dates, 555 - document.widthOfString(dates), y);
      });
    });
    expect(text).toBe(rows.map((row) => row.join(' ')).join('\n'));
  });

  it('keeps dated rows whole among the bullets of each job', async () => {
    const jobs = ['alpha', 'beta', 'gamma'];
    const [text] = await pagesOf((document) => {
      let y = 60;
      for (const job of jobs) {
        write(document, `Engineer at ${job}`, 40, y);
        write(document, '2019 – 2020', 490, y);
        y = writeLines(document, ['• short', '• made it work'], { x: 50, y: y + 13, leading: 13 });
      }
    });
    const expected = jobs.flatMap((job) => [
      `Engineer at ${job} 2019 – 2020`,
      '• short',
      '• made it work',
    ]);
    expect(text?.split('\n').filter(Boolean)).toEqual(expected);
  });

  it('keeps Indonesian text and bullets and joins a word broken at a line end', async () => {
    const [text] = await pagesOf((document) => {
      writeLines(
        document,
        [
          'Pengalaman kerja',
          '• Mengembangkan layanan mikro untuk pemerin-',
          'tah daerah di Café São',
        ],
        { x: 40, y: 60, leading: 13 },
      );
    });
    expect(text).toBe(
      'Pengalaman kerja\n• Mengembangkan layanan mikro untuk pemerintah\ndaerah di Café São',
    );
  });

  it('reads a landscape page drawn sideways and numbers every page', async () => {
    const pages = await pagesOf((document) => {
      document.rotate(90, { origin: [300, 300] });
      writeLines(document, ['first line', 'second line'], { x: 100, y: 200, leading: 14 });
      document.addPage();
      document.addPage().text('third page');
    });
    expect(pages).toEqual(['first line\nsecond line', '', 'third page']);
  });
});
