import { blobKeys, type DocumentKind } from '@berkas/contracts';
import { newId } from '@berkas/service-kit';
import type { BlobStore } from '@berkas/storage';
import type { MulterFile, MulterOptions, StorageEngine } from '@koa/multer';
import { safeFileName } from '../../domain/file-name.ts';
import { HttpProblem } from '../problem.ts';
import { checkedPdf } from './checked-pdf.ts';

export type StoredFile = {
  /** Document id, and with it the blob's key. */
  readonly id: string;
  readonly filename: string;
  readonly bytes: number;
  readonly sha256: string;
};

/** Where the two files of one request go, as multer's storage engine. */
export interface FileIntake {
  readonly storage: StorageEngine;
  readonly fileFilter: MulterOptions['fileFilter'];
  readonly stored: ReadonlyMap<DocumentKind, StoredFile>;
  /** Rejects as soon as one file cannot be accepted, long before the body's end. Never resolves. */
  readonly refused: Promise<never>;
  /** Why a file cannot be accepted. Certain once `discard` has waited for the writes under way. */
  readonly refusal: () => unknown;
  /** Waits for writes under way, then removes what was stored. */
  readonly discard: () => Promise<void>;
}

/** A map and no object: a part named "toString" must not find what every object inherits. */
const KINDS: ReadonlyMap<string, DocumentKind> = new Map([
  ['cv', 'cv'],
  ['project_report', 'project_report'],
]);

/**
 * Every request stores under new ids of its own, so that no repeated request can overwrite what
 * another one stored, whatever it turns out to hold.
 */
export function createFileIntake(deps: { blobs: BlobStore; maxUploadBytes: number }): FileIntake {
  const stored = new Map<DocumentKind, StoredFile>();
  const begun = new Set<string>();
  const writes: Promise<void>[] = [];
  let refusal: unknown;
  let reject: (reason: unknown) => void = () => undefined;
  const refused = new Promise<never>((_resolve, rejectPromise) => {
    reject = rejectPromise;
  });
  // Nobody may be waiting for it any more when it happens.
  refused.catch(() => undefined);
  const refuse = (reason: unknown): void => {
    refusal ??= reason;
    reject(reason);
  };

  async function store(file: MulterFile, kind: DocumentKind): Promise<void> {
    const id = newId('doc');
    const source = watchSource(file.stream);
    const content = checkedPdf(source.content, { part: kind, maxBytes: deps.maxUploadBytes });
    try {
      const { bytes, sha256 } = await deps.blobs.put(blobKeys.upload(id), content);
      const filename = safeFileName(file.originalname, `${kind}.pdf`);
      stored.set(kind, { id, filename, bytes, sha256 });
    } catch (error) {
      // A broken source is the parser's or the connection's to explain; the rest is decided here.
      if (!source.hasFailed()) refuse(error);
      throw error;
    }
  }

  return {
    stored,
    refused,
    refusal: () => refusal,
    storage: {
      _handleFile: (_req, file, callback) => {
        const kind = KINDS.get(file.fieldname);
        if (refusal !== undefined || kind === undefined) {
          file.stream.resume();
          callback(refusal ?? new Error(`The part ${file.fieldname} passed the filter.`));
          return;
        }
        const write = store(file, kind);
        writes.push(write);
        write.then(() => callback(null, {}), callback);
      },
      // `discard` removes, since it also knows of what multer has handed over already.
      _removeFile: (_req, _file, callback) => callback(null),
    },
    fileFilter: (_req, { fieldname }, callback) => {
      const problem = partProblem(fieldname, begun);
      begun.add(fieldname);
      if (problem === undefined) {
        callback(null, true);
        return;
      }
      refuse(problem);
      callback(problem);
    },
    discard: async () => {
      await Promise.allSettled(writes);
      await Promise.all(
        [...stored.values()].map(({ id }) => deps.blobs.delete(blobKeys.upload(id))),
      );
    },
  };
}

function partProblem(name: string, begun: ReadonlySet<string>): HttpProblem | undefined {
  if (!KINDS.has(name)) return unknownPart(name);
  if (!begun.has(name)) return undefined;
  return repeatedPart(name);
}

export function repeatedPart(name: string): HttpProblem {
  const message = 'Send exactly one file in it.';
  return new HttpProblem('part_repeated', `The part "${name}" is there twice. ${message}`, {
    errors: [{ field: name, message }],
  });
}

export function unknownPart(name: string): HttpProblem {
  const field = name.slice(0, 100);
  const message = 'Send the parts "cv" and "project_report" alone.';
  return new HttpProblem('part_unknown', `The part "${field}" is not known. ${message}`, {
    errors: [{ field, message }],
  });
}

/** Tells a source that broke off from a consumer that refused what it read. */
function watchSource(stream: AsyncIterable<Uint8Array>): {
  content: AsyncIterable<Uint8Array>;
  hasFailed: () => boolean;
} {
  let failed = false;
  async function* read(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* stream;
    } catch (error) {
      failed = true;
      throw error;
    }
  }
  return { content: read(), hasFailed: () => failed };
}
