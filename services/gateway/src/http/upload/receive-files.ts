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
    // A refused file's stream breaks off, and the parser may tell of that before the refusal is in.
    throw asRequestError(ctx, intake, intake.refusal() ?? error);
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

function asRequestError(ctx: Context, intake: FileIntake, error: unknown): unknown {
  if (error instanceof HttpProblem) return error;
  if (hasClientLeft(ctx, error)) {
    return new ClientGone('The connection ended during the upload.', { cause: error });
  }
  if (!(error instanceof Error)) return error;
  const ofText = textFieldProblem(error, intake);
  if (ofText !== undefined) return ofText;
  if (error.name === 'MulterError' || PARSER_MESSAGES.includes(error.message)) {
    return new HttpProblem(
      'body_malformed',
      `The multipart body cannot be read (${error.message}). Send the parts "cv" and "project_report" alone, and let your HTTP library build the body and its boundary.`,
    );
  }
  return error;
}

/** A request may have arrived whole and still be unread when its connection breaks. */
const hasClientLeft = ({ req }: Context, error: unknown): boolean =>
  (!req.complete && req.destroyed) ||
  (error instanceof Error && error.message === 'Request aborted');

/** A text field that the parser gave up on: a file sent without a file name, mostly. */
function textFieldProblem(error: Error, { stored }: FileIntake): HttpProblem | undefined {
  const { code, field } = error as { code?: unknown; field?: unknown };
  if (code !== 'LIMIT_FIELD_VALUE' && code !== 'LIMIT_FIELD_NESTING') return undefined;
  if (typeof field !== 'string') return undefined;
  const part = PARTS.find((known) => known === field);
  if (part === undefined) return unknownPart(field);
  if (stored.has(part)) return repeatedPart(part);
  const message = missingMessage(part, [part]);
  return new HttpProblem('part_missing', `The part "${part}" holds no file. ${message}`, {
    errors: [{ field: part, message }],
  });
}
