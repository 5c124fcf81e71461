import { z } from 'zod';

/** `doc_` and 24 hexadecimal digits: an uploaded CV or project report. */
export const DocumentId = z
  .string()
  .regex(/^doc_[0-9a-f]{24}$/, 'Not a document id: they look like doc_ and 24 hexadecimal digits.');
export type DocumentId = z.infer<typeof DocumentId>;

/** `eval_` and 24 hexadecimal digits: one evaluation of one CV and one report for one job. */
export const EvaluationId = z
  .string()
  .regex(
    /^eval_[0-9a-f]{24}$/,
    'Not an evaluation id: they look like eval_ and 24 hexadecimal digits.',
  );
export type EvaluationId = z.infer<typeof EvaluationId>;

/** SHA-256 in lower-case hexadecimal. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A name of the system's own: letters, digits and a few signs, so never a person's words. */
export const Identifier = z.string().regex(/^[A-Za-z0-9][\w.:@/#+-]{0,127}$/);

export const DocumentKind = z.enum(['cv', 'project_report']);
export type DocumentKind = z.infer<typeof DocumentKind>;

/** The two halves of an evaluation; each has its own evaluator and its own rubric. */
export const EvaluationPart = z.enum(['cv', 'project']);
export type EvaluationPart = z.infer<typeof EvaluationPart>;

/** A way of scoring. The live run is the one that `GET /result` shows. */
export const LIVE_RUN = 'live';
export const RunName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

/**
 * How often an evaluation was reopened in its run; none is 0, the first time through. What belongs
 * to a later round stands above all of an earlier one, except that what was completed stays so.
 */
export const Round = z.int().min(0).max(1_000_000);

export const roundOf = ({ round }: { readonly round?: number | undefined }): number => round ?? 0;

/** What an evaluation's event is about, for the event that follows from it. */
export const aboutOf = ({
  evaluationId,
  run,
  round,
}: {
  readonly evaluationId: string;
  readonly run: string;
  readonly round?: number | undefined;
}): { evaluationId: string; run: string; round?: number } => ({
  evaluationId,
  run,
  ...(round === undefined || round === 0 ? {} : { round }),
});

/** Of an evaluation's event: the first round's ids are those from before there were rounds. */
export const evaluationIdentity = (about: {
  readonly evaluationId: string;
  readonly run?: string;
  readonly round?: number | undefined;
}): string =>
  [about.evaluationId, about.run, roundOf(about) === 0 ? undefined : about.round]
    .filter((part) => part !== undefined)
    .join(':');
