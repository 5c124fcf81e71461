import type { DocumentKind, UploadResponse } from '@berkas/contracts';
import { canonicalJson, isoNow, newId, sha256, type Clock, type Logger } from '@berkas/service-kit';
import type { BlobStore, Collection } from '@berkas/storage';
import type { Middleware } from 'koa';
import type { DocumentRecord, UploadRecord } from '../../domain/records.ts';
import type { IdempotencyKeys } from '../../idempotency.ts';
import type { Outbox } from '../../outbox.ts';
import { acceptedUnder, idempotencyKeyOf } from '../idempotency-key.ts';
import type { QueueLimit } from '../limits/queue-limit.ts';
import { receiveFiles, type ReceivedFiles } from './receive-files.ts';
import type { StoredFile } from './file-intake.ts';

export type UploadDependencies = {
  readonly blobs: BlobStore;
  readonly documents: Collection<DocumentRecord>;
  readonly keys: IdempotencyKeys<UploadRecord>;
  readonly outbox: Outbox<UploadRecord>;
  readonly queueLimit: QueueLimit;
  readonly maxUploadBytes: number;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** `POST /upload`: receive both files, claim the key, record, publish, answer. */
export const uploadHandler =
  (deps: UploadDependencies): Middleware =>
  async (ctx) => {
    const key = idempotencyKeyOf(ctx);
    // What is uploaded has to be read, too. A repeated request is answered as before all the same.
    if (key === undefined || !(await deps.keys.isClaimed(key))) await deps.queueLimit.admit();
    const files = await receiveFiles(ctx, deps);
    const upload = await claim(deps, key, files);
    // The documents come first: once the events are out, an evaluation may ask for them.
    await deps.documents.put(upload.cv);
    await deps.documents.put(upload.projectReport);
    await deps.outbox.accept(upload);
    ctx.status = 201;
    ctx.body = responseOf(upload);
  };

/**
 * From here on files are only removed when it is certain that nothing refers to them: a store that
 * fails may still have stored the record.
 */
async function claim(
  deps: UploadDependencies,
  key: string | undefined,
  files: ReceivedFiles,
): Promise<UploadRecord> {
  const record = recordOf(files, isoNow(deps.clock));
  if (key === undefined) return record;
  const fingerprint = sha256(
    canonicalJson({ cv: files.cv.sha256, project_report: files.projectReport.sha256 }),
  );
  const claimed = await deps.keys.claim(key, fingerprint, record);
  if (claimed.outcome !== 'first') await files.discard();
  return acceptedUnder(claimed);
}

function recordOf({ cv, projectReport }: ReceivedFiles, uploadedAt: string): UploadRecord {
  const document = (kind: DocumentKind, { id, ...file }: StoredFile): DocumentRecord => ({
    id,
    kind,
    ...file,
    uploadedAt,
  });
  return {
    id: newId('doc'),
    state: 'accepted',
    cv: document('cv', cv),
    projectReport: document('project_report', projectReport),
  };
}

function responseOf({ cv, projectReport }: UploadRecord): UploadResponse {
  const one = ({ id, filename, bytes, sha256: hash }: DocumentRecord): UploadResponse['cv'] => ({
    id,
    filename,
    bytes,
    sha256: hash,
  });
  return { cv: one(cv), project_report: one(projectReport) };
}
