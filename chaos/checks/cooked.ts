import type {
  DocumentIngested,
  EvaluationClosed,
  EvaluationResult,
  Failure,
  ResultResponse,
} from '@berkas/contracts';
import type { Kept, Told } from '../books.ts';
import type { Accepted } from '../load.ts';
import { comparable } from '../results.ts';

/** Books that agree, of one completed and one failed evaluation: tests cook them. */
export const COMPLETED = 'eval_000000000000000000000001';
export const FAILED = 'eval_000000000000000000000002';
export const DOCUMENTS = ['1', '2', '3', '4'].map((digit) => `doc_${digit.padStart(24, '0')}`);
const [goodCv = '', goodReport = '', badCv = '', otherReport = ''] = DOCUMENTS;
const TIME = '2026-01-01T00:00:00.000Z';
export const HASH = 'a'.repeat(64);

const accepted: Accepted[] = [
  {
    ...{ id: COMPLETED, reference: 'Reference 000001', key: 'Reference-000001' },
    ...{ cvId: goodCv, projectReportId: goodReport },
    expected: { outcome: 'completed', base: 0 },
  },
  {
    ...{ id: FAILED, reference: 'Reference 000002', key: 'Reference-000002' },
    ...{ cvId: badCv, projectReportId: otherReport },
    expected: { outcome: 'failed', code: 'pdf_corrupt' },
  },
];

const parameter = {
  ...{ id: 'skills', label: 'Skills', weight: 1, score: 4, reason: 'Many.', spread: 0 },
  evidence: [{ quote: 'Reference 000001', page: 1 }],
};
const tokens = { prompt: 1, completion: 1 };
export const result: EvaluationResult = {
  ...{ cv_match_rate: 0.8, project_score: 4, flags: [], needs_review: false },
  cv_feedback: 'Good (Reference 000001).',
  project_feedback: 'Good (Reference 000001).',
  overall_summary: 'Good (Reference 000001).',
  ...{ cv: { parameters: [parameter] }, project: { parameters: [parameter] } },
  receipt: {
    ...{ run: 'live', model: 'm', embedding_model: 'e', prompt_version: 'p', rubric_version: 'r' },
    ...{ temperature: 0, seed: 7, context: [], attempts: 1, tokens, service_version: '0' },
    documents: [{ id: goodCv, sha256: HASH }],
    calls: [
      {
        ...({ stage: 'cv', model: 'm', endpoint: 'primary', prompt_version: 'p' } as const),
        ...{ temperature: 0, seed: 7, request_sha256: HASH, attempts: 1, tokens },
      },
    ],
  },
};
export const references = new Map([[0, comparable(result)]]);

const failure: Failure = {
  code: 'pdf_corrupt',
  stage: 'reading',
  document_id: badCv,
  document_kind: 'cv',
};
const reason =
  'CV: The PDF is damaged and cannot be opened. Export it again from its source and upload it.';
const about = { job_title: 'Any', requested_at: TIME, updated_at: TIME };
const answers: [string, Extract<ResultResponse, { status: 'completed' | 'failed' }>][] = [
  [COMPLETED, { ...about, id: COMPLETED, status: 'completed', result }],
  [FAILED, { ...about, id: FAILED, status: 'failed', error: { ...failure, reason } }],
];
export const told: Told = {
  accepted,
  firstClosed: new Map(answers),
  last: new Map(answers),
};

const totals = { cvMatchRate: 0.8, projectScore: 4 };
export const closedAs = {
  completed: { evaluationId: COMPLETED, run: 'live', outcome: 'completed', ...totals },
  failed: { evaluationId: FAILED, run: 'live', outcome: 'failed', failure },
} as const satisfies Record<string, EvaluationClosed>;

const sizes = { pages: 1, characters: 9, passages: 3 };
const ingestedAs = (documentId: string): DocumentIngested =>
  documentId === badCv
    ? { documentId, kind: 'cv', outcome: 'rejected', code: 'pdf_corrupt' }
    : { documentId, kind: 'project_report', outcome: 'ingested', ...sizes };

export const kept: Kept = {
  requested: new Set([COMPLETED, FAILED]),
  closed: new Map([
    // Published twice after a crash, and the same both times.
    [COMPLETED, [closedAs.completed, closedAs.completed]],
    [FAILED, [closedAs.failed]],
  ]),
  ingested: new Map(DOCUMENTS.map((id) => [id, [ingestedAs(id)]])),
  evaluationViews: new Map([
    [
      COMPLETED,
      {
        ...{ id: `${COMPLETED}:live`, evaluationId: COMPLETED, run: 'live' },
        closed: { at: TIME, outcome: 'completed', result },
      },
    ],
    [
      FAILED,
      {
        ...{ id: `${FAILED}:live`, evaluationId: FAILED, run: 'live' },
        closed: { at: TIME, outcome: 'failed', failure },
      },
    ],
  ]),
  documentViews: new Map(
    DOCUMENTS.map((id) => {
      const { kind, outcome } = ingestedAs(id);
      return [id, { id, kind, ingested: { at: TIME, outcome } }];
    }),
  ),
  blobKeys: new Set([
    ...DOCUMENTS.map((id) => `uploads/${id}.pdf`),
    ...DOCUMENTS.filter((id) => id !== badCv).map((id) => `texts/${id}.json`),
    ...['', '.cv', '.project'].map((part) => `results/${COMPLETED}.live${part}.json`),
  ]),
  results: new Map([[COMPLETED, result]]),
  passages: new Map(DOCUMENTS.filter((id) => id !== badCv).map((id) => [id, 3])),
  ledger: new Set([HASH]),
  deadLetters: [],
};

/** A copy with one entry changed; `undefined` takes it out. */
export function altered<Key, Value>(
  map: ReadonlyMap<Key, Value>,
  key: Key,
  value: Value | undefined,
): Map<Key, Value> {
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
}

export function without<Item>(set: ReadonlySet<Item>, item: Item): Set<Item> {
  return new Set([...set].filter((one) => one !== item));
}
