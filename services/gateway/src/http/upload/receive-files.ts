import type { DocumentKind } from '@berkas/contracts';
import type { Logger } from '@berkas/service-kit';
import type { BlobStore } from '@berkas/storage';
import multer from '@koa/multer';
import type { Context } from 'koa';
import { ClientGone } from '../errors.ts';
import { HttpProblem } from '../problem.ts';
import {
  createFileIntake,
  repeatedPart,
  unknownPart,
  type FileIntake,
  type StoredFile,
} from './file-intake.ts';

export type ReceivedFiles = {
  readonly cv: StoredFile;
  readonly projectReport: StoredFile;
  /** Removes both again. */
  readonly discard: () => Promise<void>;
};

const PARTS: readonly DocumentKind[] = ['cv', 'project_report'];

const BUFFER_BYTES = 16 * 1024;

const LIMITS = {
  fieldNameSize: 100,
  fieldSize: 1024,
  fields: 8,
  fieldNestingDepth: 0,
  parts: 16,
} as const;

/**
 * Streams the two PDFs of a multipart body into the blob store. A request that cannot be accepted
 * is refused as soon as that is known, and leaves nothing behind.
 */
export async function receiveFiles(
  ctx: Context,
  deps: { blobs: BlobStore; maxUploadBytes: number; logger: Logger },
): Promise<ReceivedFiles> {
  requireMultipart(ctx);
  const intake = createFileIntake(deps);
  try {
    await readParts(ctx, intake);
    return requireBoth(ctx, intake);
  } catch (error) {
    await intake.discard().catch((cause: unknown) => {
      deps.logger.warn({ err: cause }, 'files of a refused upload could not be removed');
    });
    throw asRequestError(ctx, error);
  }
}

function requireMultipart(ctx: Context): void {
  const encoding = ctx.get('content-encoding');
  if (ctx.request.type.toLowerCase() === 'multipart/form-data' && encoding === '') return;
  throw new HttpProblem(
    'media_type_unsupported',
    'Send the two files as "multipart/form-data", not compressed, in the parts "cv" and "project_report".',
    { headers: { Accept: 'multipart/form-data' } },
  );
}

/** multer settles only when the whole body was read or dropped; a refusal does not wait for that. */
async function readParts(ctx: Context, intake: FileIntake): Promise<void> {
  const parser = multer({
    storage: intake.storage,
    fileFilter: intake.fileFilter,
    limits: LIMITS,
    highWaterMark: BUFFER_BYTES,
    fileHwm: BUFFER_BYTES,
  });
  const parsed = parser.any()(ctx, () => Promise.resolve()) as Promise<void>;
  parsed.catch(() => undefined);
  await Promise.race([parsed, intake.refused]);
}

function requireBoth(ctx: Context, { stored, discard }: FileIntake): ReceivedFiles {
  const texts = Object.keys((ctx.request as { body?: object }).body ?? {});
  for (const name of texts) {
    if (!PARTS.some((part) => part === name)) throw unknownPart(name);
    if (stored.has(name as DocumentKind)) throw repeatedPart(name);
  }
  const cv = stored.get('cv');
  const projectReport = stored.get('project_report');
  if (cv !== undefined && projectReport !== undefined) return { cv, projectReport, discard };
  const errors = PARTS.filter((part) => !stored.has(part)).map((field) => ({
    field,
    message: missingMessage(field, texts),
  }));
  const names = errors.map(({ field }) => `"${field}"`).join(' and ');
  throw new HttpProblem(
    'part_missing',
    `No file in ${names}. Send one PDF in each of the parts "cv" and "project_report".`,
    { errors },
  );
}

const missingMessage = (part: DocumentKind, texts: readonly string[]): string =>
  texts.includes(part)
    ? 'It is a text field. Send it as a file, with a file name.'
    : 'Required: one PDF, with a file name.';

/** What the multipart parser says of a body that it cannot read. */
const PARSER_MESSAGES = [
  'Unexpected end of form',
  'Unexpected end of file',
  'Malformed part header',
  'Malformed content type',
  'Multipart: Boundary not found',
];

function asRequestError(ctx: Context, error: unknown): unknown {
  if (error instanceof HttpProblem) return error;
  if (!ctx.req.complete && ctx.req.destroyed) {
    return new ClientGone('The connection ended during the upload.', { cause: error });
  }
  if (!(error instanceof Error)) return error;
  if (error.name === 'MulterError' || PARSER_MESSAGES.includes(error.message)) {
    return new HttpProblem(
      'body_malformed',
      `The multipart body cannot be read (${error.message}). Send the parts "cv" and "project_report" alone, and let your HTTP library build the body and its boundary.`,
    );
  }
  return error;
}
