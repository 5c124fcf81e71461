import {
  blobKeys,
  createEvent,
  documentIngested,
  documentUploaded,
  type DocumentIngested,
  type DocumentUploaded,
  type FailureCode,
  type FailureDetails,
  type OutgoingEvent,
} from '@berkas/contracts';
import type { EventHandler } from '@berkas/messaging';
import { cutIntoPassages, failureFrom } from '@berkas/scoring';
import { BerkasError, isoNow, unlessAborted, type Clock, type Logger } from '@berkas/service-kit';
import { documentSourceId, wasGivenUp, type Source } from '../domain/prepare.ts';
import type { Extraction, PdfExtractor } from '../extraction/index.ts';
import { indexPassages, type IndexingDeps } from '../indexing.ts';
import type { Preparation } from '../preparation.ts';

export type DocumentDeps = IndexingDeps & {
  readonly extractor: PdfExtractor;
  readonly preparation: Preparation;
  readonly clock: Clock;
  readonly logger: Logger;
};

/**
 * Reads a document: PDF → text, kept page by page → passages → vectors → index. One that cannot be
 * read is an outcome like any other, and decides the evaluations that wait for it.
 *
 * One that was read before is not read again: a second reading could come to another end than the
 * one that evaluations were prepared by, and its vectors would be paid for again. One that was given
 * up is, when a person redrives its dead letter: delivered again by itself it stays given up, since
 * people were told so.
 */
export function documentUploadedHandler(deps: DocumentDeps): EventHandler<DocumentUploaded> {
  const { preparation } = deps;
  const say = (document: DocumentUploaded, source: Source): OutgoingEvent =>
    createEvent(documentIngested, ingestedData(document, source), {
      source: 'ingest',
      time: isoNow(deps.clock),
    });

  return {
    event: documentUploaded,
    handle: async ({ data }, { signal, isRedriven }) => {
      const known = await preparation.sourceOf(data.documentId);
      const isNew = known === undefined || (isRedriven === true && wasGivenUp(known));
      const source = isNew ? await ingest(deps, data, signal) : known;
      return [say(data, source), ...(await preparation.sourceKnown(source, signal))];
    },
    onGiveUp: async ({ data }, error) => {
      const { code, details } = failureFrom(error, 'reading');
      const rejected = rejectedSource(data.documentId, { code, details, gaveUp: true });
      const { standing, decided } = await preparation.sourceGivenUp(rejected, error);
      return [say(data, standing), ...decided];
    },
  };
}

type Why = { code: FailureCode; details?: FailureDetails | undefined; gaveUp?: true };

const rejectedSource = (documentId: string, { details, ...why }: Why): Source => ({
  id: documentSourceId(documentId),
  outcome: 'rejected',
  ...why,
  ...(details === undefined ? {} : { details }),
});

function ingestedData({ documentId, kind }: DocumentUploaded, source: Source): DocumentIngested {
  if (source.outcome === 'rejected') {
    const { code, details } = source;
    const why = details === undefined ? { code } : { code, details };
    return { documentId, kind, outcome: 'rejected', ...why };
  }
  const { pages, characters, passages } = source;
  return { documentId, kind, outcome: 'ingested', pages, characters, passages };
}

async function ingest(
  deps: DocumentDeps,
  { documentId, kind, sha256 }: DocumentUploaded,
  signal: AbortSignal,
): Promise<Source> {
  // Reading has no way to end early, and takes up to its time limit: a stop goes on without it.
  const extraction = await unlessAborted(readPdf(deps, documentId), signal);
  if (extraction.outcome === 'rejected') {
    const { code, details } = extraction;
    deps.logger.warn({ documentId, kind, code, details }, 'a document could not be read');
    return rejectedSource(documentId, { code, details });
  }
  const { pages, characters } = extraction;
  await deps.blobs.put(blobKeys.documentText(documentId), Buffer.from(JSON.stringify({ pages })));
  const passages = cutIntoPassages(pages);
  await indexPassages(deps, { kind, source: documentId, version: sha256 }, passages, signal);
  return {
    id: documentSourceId(documentId),
    outcome: 'ingested',
    sha256,
    pages: pages.length,
    characters,
    passages: passages.length,
  };
}

type Unreadable = { outcome: 'rejected'; code: FailureCode; details?: FailureDetails };

async function readPdf(
  { blobs, extractor }: DocumentDeps,
  documentId: string,
): Promise<Extraction | Unreadable> {
  try {
    return await extractor.extract(() => blobs.get(blobKeys.upload(documentId)));
  } catch (error) {
    if (!(error instanceof BerkasError) || error.code !== 'blob_not_found') throw error;
    return { outcome: 'rejected', code: 'document_missing' };
  }
}
