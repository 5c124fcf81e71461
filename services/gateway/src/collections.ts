import type { CollectionDefinition } from '@berkas/storage';
import type { LetterDecision } from './domain/decide-letter.ts';
import type { DocumentRecord, EvaluationRecord, UploadRecord } from './domain/records.ts';
import type { KeyRecord } from './idempotency.ts';
import type { PublishedKnowledge } from './knowledge/publish.ts';

/** The gateway's own collections: it alone writes them. */
export const collections = {
  uploads: { name: 'gateway-uploads', indexes: ['state'] } satisfies Of<UploadRecord>,
  uploadKeys: { name: 'gateway-upload-keys', indexes: [] } satisfies Of<KeyRecord<UploadRecord>>,
  documents: { name: 'gateway-documents', indexes: [] } satisfies Of<DocumentRecord>,
  evaluations: { name: 'gateway-evaluations', indexes: ['state'] } satisfies Of<EvaluationRecord>,
  evaluationKeys: {
    name: 'gateway-evaluation-keys',
    indexes: [],
  } satisfies Of<KeyRecord<EvaluationRecord>>,
  redrives: { name: 'gateway-redrives', indexes: ['state'] } satisfies Of<LetterDecision>,
  knowledge: { name: 'gateway-knowledge', indexes: [] } satisfies Of<PublishedKnowledge>,
} as const;

type Of<Document extends { readonly id: string }> = CollectionDefinition<Document>;
