import { z } from 'zod';
import { DocumentId, DocumentKind, Identifier } from './ids.ts';

/** Where an evaluation was when it failed. */
export const Stage = z.enum(['reading', 'scoring_cv', 'scoring_project', 'summarizing']);
export type Stage = z.infer<typeof Stage>;

/** Numbers and the system's own identifiers: what a reason needs, and never a person's words. */
export const FailureDetails = z.record(
  Identifier,
  z.union([z.number(), Identifier, z.array(Identifier)]),
);
export type FailureDetails = z.infer<typeof FailureDetails>;

type Reason = (details: FailureDetails) => string;

const value = (details: FailureDetails, name: string, otherwise: string): string => {
  const found = details[name];
  if (found === undefined) return otherwise;
  return Array.isArray(found) ? found.join(', ') : String(found);
};

const REASONS = {
  pdf_encrypted: () =>
    'The PDF is protected by a password. Save it without one and upload it again.',
  pdf_corrupt: () =>
    'The PDF is damaged and cannot be opened. Export it again from its source and upload it.',
  pdf_no_text: () =>
    'The PDF opens but holds no text, as scans and pictures do. Upload one whose text can be selected.',
  pdf_too_many_pages: (details) =>
    `The PDF has ${value(details, 'pages', 'too many')} pages; the limit is ${value(details, 'limit', 'lower')}.`,
  pdf_too_slow: (details) =>
    `Reading the PDF took longer than the limit of ${value(details, 'limitMs', 'the')} ms. Export a simpler one and upload it again.`,
  pdf_too_much_memory: (details) =>
    `Reading the PDF needed more than the limit of ${value(details, 'limitMb', 'the')} MB. Export a simpler one and upload it again.`,
  document_missing: () =>
    'The stored document is gone, so it can no longer be read. Upload it again.',
  model_unavailable: () =>
    'The language model did not answer, however often it was asked. Try again later.',
  model_rejected_request: (details) =>
    `The language model refused the request (HTTP ${value(details, 'status', 'error')}). Check the model, key and limits in the configuration.`,
  model_refused: () => 'The language model declined to evaluate this document.',
  model_answer_invalid: (details) =>
    `The language model gave no complete, valid answer in ${value(details, 'attempts', 'several')} tries (${value(details, 'problems', 'schema')}). No score was made up.`,
  model_budget_spent: (details) =>
    `This evaluation used up what it may ask of the language model (${value(details, 'calls', 'all its')} calls, ${value(details, 'seconds', 'all its')} seconds). The operators can reopen it.`,
  internal_error: () =>
    'Something went wrong in Berkas itself. The operators can find it in the log.',
} as const satisfies Record<string, Reason>;

export const FailureCode = z.enum(Object.keys(REASONS) as [keyof typeof REASONS]);
export type FailureCode = z.infer<typeof FailureCode>;

export const Failure = z.object({
  code: FailureCode,
  stage: Stage,
  document_id: DocumentId.optional(),
  document_kind: DocumentKind.optional(),
  details: FailureDetails.optional(),
});
export type Failure = z.infer<typeof Failure>;

const DOCUMENT_NAMES: Record<DocumentKind, string> = {
  cv: 'CV',
  project_report: 'Project report',
};

/** One or two sentences for people: which document, what happened, what to do. */
export function describeFailure(failure: Failure): string {
  const reason: Reason = REASONS[failure.code];
  const text = reason(failure.details ?? {});
  return failure.document_kind === undefined
    ? text
    : `${DOCUMENT_NAMES[failure.document_kind]}: ${text}`;
}
