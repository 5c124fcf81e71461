import type {
  CallReceipt,
  ContextPassage,
  Evidence,
  Flag,
  PartResult,
  Rubric,
} from '@berkas/contracts';
import { weightedMean } from './arithmetic.ts';
import type { PartAnswer } from './part-answer.ts';

/**
 * Turns a checked answer into the result of one part: the scores as given, the evidence that was
 * found, the weighted mean. Quotes that are not in the document are dropped and flagged.
 */
export function scorePart(options: {
  rubric: Rubric;
  answer: PartAnswer;
  find: (quote: string) => Evidence | undefined;
  context: readonly ContextPassage[];
  embeddingModel: string;
  call: CallReceipt;
}): PartResult {
  const flags: Flag[] = [];
  const parameters = options.rubric.parameters.map(({ id, label, weight }) => {
    const given = options.answer.parameters[id];
    // The schema asks for every id of this rubric: an answer without one never gets here.
    if (given === undefined) throw new TypeError(`The answer has no parameter ${id}.`);
    const found = given.evidence.flatMap(({ quote }) => options.find(quote) ?? []);
    const dropped = given.evidence.length - found.length;
    if (dropped > 0) flags.push(quoteDropped(label, dropped));
    return {
      id,
      label,
      weight,
      score: given.score,
      reason: given.reason,
      evidence: distinct(found),
      spread: 0,
    };
  });
  return {
    weighted_mean: weightedMean(parameters),
    parameters,
    feedback: options.answer.feedback,
    flags,
    context: [...options.context],
    embedding_model: options.embeddingModel,
    call: options.call,
  };
}

const distinct = (evidence: readonly Evidence[]): Evidence[] =>
  evidence.filter(
    (one, index) =>
      evidence.findIndex((other) => other.quote === one.quote && other.page === one.page) === index,
  );

const quoteDropped = (label: string, count: number): Flag => ({
  code: 'quote_not_found',
  message: `${label}: ${count === 1 ? 'a quote' : `${count} quotes`} of the model did not stand in the document and ${count === 1 ? 'was' : 'were'} dropped.`,
});
