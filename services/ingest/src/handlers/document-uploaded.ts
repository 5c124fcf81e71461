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
import { BerkasError, isoNow, type Clock, type Logger } from '@berkas/service-kit';
import { documentSourceId } from '../domain/prepare.ts';
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
 */
export function documentUploadedHandler(deps: DocumentDeps): EventHandler<DocumentUploaded> {
  const say = (data: DocumentIngested): OutgoingEvent =>
    createEvent(documentIngested, data, { source: 'ingest', time: isoNow(deps.clock) });

  const reject = async (
    { documentId, kind }: DocumentUploaded,
    { code, details }: { code: FailureCode; details?: FailureDetails | undefined },
    signal: AbortSignal,
  ): Promise<OutgoingEvent[]> => {
    deps.logger.warn({ documentId, kind, code, details }, 'a document could not be read');
    const why = {
      outcome: 'rejected',
      code,
      ...(details === undefined ? {} : { details }),
    } as const;
    const decided = await deps.preparation.sourceKnown(
      { id: documentSourceId(documentId), ...why },
      signal,
    );
    return [say({ documentId, kind, ...why }), ...decided];
  };

  return {
    event: documentUploaded,
    handle: async ({ data }, { signal }) => {
      const extraction = await readPdf(deps, data.documentId);
      if (extraction.outcome === 'rejected') return reject(data, extraction, signal);

      const { documentId, kind, sha256 } = data;
      const { pages } = extraction;
      await deps.blobs.put(
        blobKeys.documentText(documentId),
        Buffer.from(JSON.stringify({ pages })),
      );
      const passages = cutIntoPassages(pages);
      await indexPassages(deps, { kind, source: documentId, version: sha256 }, passages, signal);
      const decided = await deps.preparation.sourceKnown(
        { id: documentSourceId(documentId), outcome: 'ingested', sha256 },
        signal,
      );
      return [
        say({
          documentId,
          kind,
          outcome: 'ingested',
          pages: pages.length,
          characters: extraction.characters,
          passages: passages.length,
        }),
        ...decided,
      ];
    },
    onGiveUp: ({ data }, error) =>
      reject(data, failureFrom(error, 'reading'), new AbortController().signal),
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
