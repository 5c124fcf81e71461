import type { KnowledgeKind } from './knowledge.ts';
import type { EvaluationPart } from './ids.ts';

/** Where each thing lies in the blob store: one place, so that no two services disagree. */
export const blobKeys = {
  /** The PDF as it was uploaded. */
  upload: (documentId: string) => `uploads/${documentId}.pdf`,
  /** `DocumentText`: the pages of a document that was read. */
  documentText: (documentId: string) => `texts/${documentId}.json`,
  /** A `KnowledgeDocument` in one version. */
  knowledge: (kind: KnowledgeKind, id: string, version: string) =>
    `knowledge/${kind}/${id}/${version}.json`,
  /** A `PartResult`. */
  partResult: (evaluationId: string, run: string, part: EvaluationPart) =>
    `results/${evaluationId}.${run}.${part}.json`,
  /** An `EvaluationResult`. */
  result: (evaluationId: string, run: string) => `results/${evaluationId}.${run}.json`,
} as const;
