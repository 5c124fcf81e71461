import type { DeadLetter } from '@berkas/contracts';
import type { EvaluationRecord } from '../domain/records.ts';

export const EVALUATION = 'eval_0123456789abcdef01234567';
const VERSION = { id: 'some', version: '0123456789abcdef' };

export const letterId = (digit: string): string => `dl_${digit.repeat(24)}`;

/** What the CV's evaluator gave up, unless it is changed. */
export const letterOf = (changes: Partial<DeadLetter> = {}): DeadLetter => ({
  id: letterId('1'),
  state: 'open',
  group: 'cv-evaluator',
  topic: 'berkas.evaluation-prepared.v1',
  partition: 3,
  offset: '42',
  key: EVALUATION,
  code: 'model_unavailable',
  reason: 'ModelError: The model did not answer.',
  stack: '    at complete (model.js:1:1)',
  attempts: 8,
  at: '2025-01-15T09:00:00.000Z',
  evaluationId: EVALUATION,
  run: 'live',
  headers: { ce_id: 'id', ce_type: 'evaluation-prepared' },
  value: Buffer.from(JSON.stringify({ evaluationId: EVALUATION })).toString('base64'),
  ...changes,
});

/** What ingest gave up about a document: nothing of an evaluation. */
export const documentLetterOf = (changes: Partial<DeadLetter> = {}): DeadLetter =>
  letterOf({
    id: letterId('2'),
    group: 'ingest',
    topic: 'berkas.document-uploaded.v1',
    key: 'doc_0123456789abcdef01234567',
    evaluationId: '',
    documentId: 'doc_0123456789abcdef01234567',
    headers: { ce_type: 'document-uploaded' },
    value: Buffer.from([0xff, 0x00]).toString('base64'),
    ...changes,
  });

export const evaluationRecord = (changes: Partial<EvaluationRecord> = {}): EvaluationRecord => ({
  id: EVALUATION,
  state: 'published',
  jobTitle: 'Product Engineer (Backend)',
  cvId: 'doc_111111111111111111111111',
  projectReportId: 'doc_222222222222222222222222',
  knowledge: { job: VERSION, brief: VERSION, cv_rubric: VERSION, project_rubric: VERSION },
  requestedAt: '2025-01-15T08:00:00.000Z',
  ...changes,
});
