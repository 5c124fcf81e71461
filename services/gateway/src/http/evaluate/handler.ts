import {
  EvaluateRequest,
  type DocumentKind,
  type EvaluateResponse,
  type ProblemCode,
} from '@berkas/contracts';
import { canonicalJson, isoNow, newId, sha256, type Clock } from '@berkas/service-kit';
import type { Collection } from '@berkas/storage';
import type { Middleware } from 'koa';
import { findJob } from '../../domain/find-job.ts';
import type { DocumentRecord, EvaluationRecord } from '../../domain/records.ts';
import type { IdempotencyKeys } from '../../idempotency.ts';
import type { CatalogJob } from '../../knowledge/catalog.ts';
import type { Outbox } from '../../outbox.ts';
import { acceptedUnder, idempotencyKeyOf } from '../idempotency-key.ts';
import { readJson } from '../json-body.ts';
import type { QueueLimit } from '../limits/queue-limit.ts';
import { HttpProblem, type FieldError } from '../problem.ts';

export type EvaluateDependencies = {
  readonly jobs: readonly CatalogJob[];
  readonly documents: Collection<DocumentRecord>;
  readonly keys: IdempotencyKeys<EvaluationRecord>;
  readonly outbox: Outbox<EvaluationRecord>;
  readonly queueLimit: QueueLimit;
  readonly clock: Clock;
};

/** `POST /evaluate`: read, claim the key, record, publish, answer. */
export const evaluateHandler =
  (deps: EvaluateDependencies): Middleware =>
  async (ctx) => {
    const key = idempotencyKeyOf(ctx);
    const request = await readJson(ctx, EvaluateRequest);
    const evaluation = await claim(deps, key, request);
    await deps.outbox.accept(evaluation);
    ctx.status = 202;
    ctx.set('Location', `/result/${evaluation.id}`);
    ctx.body = { id: evaluation.id, status: 'queued' } satisfies EvaluateResponse;
  };

async function claim(
  deps: EvaluateDependencies,
  key: string | undefined,
  request: EvaluateRequest,
): Promise<EvaluationRecord> {
  if (key === undefined) return newRecord(deps, request);
  const fingerprint = sha256(canonicalJson(request));
  // Looked up first: a repeated request is answered as before even if its job is gone since or the queue is full.
  const earlier = await deps.keys.find(key, fingerprint);
  if (earlier !== undefined) return acceptedUnder(earlier);
  const record = await newRecord(deps, request);
  return acceptedUnder(await deps.keys.claim(key, fingerprint, record));
}

async function newRecord(
  deps: EvaluateDependencies,
  request: EvaluateRequest,
): Promise<EvaluationRecord> {
  await deps.queueLimit.admit();
  const job = requireJob(deps.jobs, request.job_title);
  await requireDocuments(deps.documents, request);
  return {
    id: newId('eval'),
    state: 'accepted',
    jobTitle: job.title,
    cvId: request.cv_id,
    projectReportId: request.project_report_id,
    knowledge: job.versions,
    requestedAt: isoNow(deps.clock),
  };
}

function requireJob(jobs: readonly CatalogJob[], title: string): CatalogJob {
  const search = findJob(jobs, title);
  if (search.found) return search.job;
  const nearest = search.nearest.map((known) => `"${known}"`).join(', ');
  const message = `No job has this title. The nearest: ${nearest}.`;
  throw new HttpProblem('job_unknown', `${message} GET /jobs lists all of them.`, {
    errors: [{ field: 'job_title', message }],
  });
}

async function requireDocuments(
  documents: Collection<DocumentRecord>,
  { cv_id: cvId, project_report_id: projectReportId }: EvaluateRequest,
): Promise<void> {
  const unknown: FieldError[] = [];
  const wrongKind: FieldError[] = [];
  for (const { field, id, kind } of [
    { field: 'cv_id', id: cvId, kind: 'cv' },
    { field: 'project_report_id', id: projectReportId, kind: 'project_report' },
  ] as const) {
    const document = await documents.get(id);
    if (document === undefined) {
      unknown.push({ field, message: 'No such document. Upload it with POST /upload first.' });
    } else if (document.kind !== kind) {
      wrongKind.push({ field, message: `It was uploaded as a ${NAMES[document.kind]}.` });
    }
  }
  refuse('document_unknown', unknown, 'Use the ids that POST /upload answered.');
  refuse('document_wrong_kind', wrongKind, 'Give each id in the field of its own kind.');
}

const NAMES: Record<DocumentKind, string> = { cv: 'CV', project_report: 'project report' };

function refuse(code: ProblemCode, errors: readonly FieldError[], advice: string): void {
  if (errors.length === 0) return;
  const details = errors.map(({ field, message }) => `${field}: ${message}`).join(' ');
  throw new HttpProblem(code, `${details} ${advice}`, { errors });
}
