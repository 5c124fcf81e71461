import { describe, expect, it } from '@jest/globals';
import { describeFailure, FailureCode } from './failure.ts';

describe('the reason of a failure', () => {
  it('names the document and the numbers', () => {
    expect(
      describeFailure({
        code: 'pdf_too_many_pages',
        stage: 'reading',
        document_kind: 'project_report',
        details: { pages: 51, limit: 50 },
      }),
    ).toBe('Project report: The PDF has 51 pages; the limit is 50.');
  });

  it('is a whole sentence for every code, with details and without', () => {
    for (const code of FailureCode.options) {
      for (const details of [undefined, { attempts: 3, problems: ['schema', 'score'] }]) {
        const text = describeFailure({ code, stage: 'reading', ...(details && { details }) });
        expect(text).toMatch(/^[A-Z].*\.$/);
        expect(text).not.toMatch(/undefined|NaN|\[object/);
      }
    }
  });
});
