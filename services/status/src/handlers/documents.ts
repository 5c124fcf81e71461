import {
  documentIngested,
  documentUploaded,
  readModelCollections,
  type DocumentIngested,
  type DocumentUploaded,
  type DocumentView,
} from '@berkas/contracts';
import type { EventHandler } from '@berkas/messaging';
import type { DocumentStore } from '@berkas/storage';
import { projectIngested, projectUploaded } from '../domain/project.ts';

const views = (documents: DocumentStore) =>
  documents.collection<DocumentView>(readModelCollections.documents);

export const documentUploadedHandler = (
  documents: DocumentStore,
): EventHandler<DocumentUploaded> => ({
  event: documentUploaded,
  handle: async ({ data, time }) => {
    await (
      await views(documents)
    ).modify(data.documentId, (view) => projectUploaded(view, data, time));
    return [];
  },
});

export const documentIngestedHandler = (
  documents: DocumentStore,
): EventHandler<DocumentIngested> => ({
  event: documentIngested,
  handle: async ({ data, time }) => {
    await (
      await views(documents)
    ).modify(data.documentId, (view) => projectIngested(view, data, time));
    return [];
  },
});
