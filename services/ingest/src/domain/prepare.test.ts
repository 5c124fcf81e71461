import { describe, expect, it } from '@jest/globals';
import type { EvaluationRequested } from '@berkas/contracts';
import { decidePrepared, documentSourceId, documentsOf, type Source } from './prepare.ts';

const reference = (id: string) => ({ id, version: 'v1' });
const request: EvaluationRequested = {
  evaluationId: 'eval_0123456789abcdef01234567',
  cvId: 'doc_000000000000000000000001',
  projectReportId: 'doc_000000000000000000000002',
  knowledge: {
    job: reference('job'),
    brief: reference('brief'),
    cv_rubric: reference('cv'),
    project_rubric: reference('project'),
  },
};
const [cv, projectReport] = documentsOf(request) as [string, string];

const sizes = { pages: 1, characters: 1, passages: 1 };
const ingested = (id: string): Source => ({
  id,
  outcome: 'ingested',
  sha256: 'a'.repeat(64),
  ...sizes,
});
const known = (...sources: Source[]) => new Map(sources.map((source) => [source.id, source]));

describe('preparing an evaluation', () => {
  it('waits while a document is missing', () => {
    const all = documentsOf(request);
    for (const missing of all) {
      const rest = all.filter((id) => id !== missing).map(ingested);
      expect(decidePrepared(request, known(...rest))).toBeUndefined();
    }
  });

  it('is prepared once both documents are there, with the hashes of what was read', () => {
    expect(decidePrepared(request, known(...documentsOf(request).map(ingested)))).toEqual({
      evaluationId: request.evaluationId,
      run: 'live',
      outcome: 'prepared',
      cv: { id: request.cvId, sha256: 'a'.repeat(64) },
      projectReport: { id: request.projectReportId, sha256: 'a'.repeat(64) },
      knowledge: request.knowledge,
    });
  });

  it('fails as soon as one document is rejected, naming it, with nothing else read', () => {
    const rejected: Source = {
      id: documentSourceId(request.projectReportId),
      outcome: 'rejected',
      code: 'pdf_too_many_pages',
      details: { pages: 99, limit: 50 },
    };
    expect(decidePrepared(request, known(rejected))).toEqual({
      evaluationId: request.evaluationId,
      run: 'live',
      outcome: 'failed',
      failure: {
        code: 'pdf_too_many_pages',
        stage: 'reading',
        document_id: request.projectReportId,
        document_kind: 'project_report',
        details: { pages: 99, limit: 50 },
      },
    });
  });

  it('names the CV when both documents are rejected', () => {
    const reject = (id: string): Source => ({ id, outcome: 'rejected', code: 'pdf_corrupt' });
    const decided = decidePrepared(request, known(reject(projectReport), reject(cv)));
    expect(decided).toMatchObject({ outcome: 'failed', failure: { document_kind: 'cv' } });
  });
});
