import type { DeadLetter, DeadLetterDetail, DeadLetterSummary } from '@berkas/contracts';

/** A dead letter in a listing. */
export function summaryOf(letter: DeadLetter): DeadLetterSummary {
  const { id, state, group, topic, code, reason, attempts, at } = letter;
  const type = letter.headers['ce_type'];
  return {
    ...{ id, state, group, topic, code, reason, attempts, at },
    ...(type === undefined ? {} : { type }),
    ...(letter.evaluationId === '' ? {} : { evaluationId: letter.evaluationId }),
    ...(letter.documentId === undefined ? {} : { documentId: letter.documentId }),
    ...(letter.decidedAt === undefined ? {} : { decidedAt: letter.decidedAt }),
  };
}

/** All of it, the event included. */
export function detailOf(letter: DeadLetter): DeadLetterDetail {
  const { partition, offset, key, stack, unannounced, headers } = letter;
  return {
    ...summaryOf(letter),
    ...{ partition, offset, key, headers },
    ...(stack === undefined ? {} : { stack }),
    ...(unannounced === undefined ? {} : { unannounced }),
    event: eventOf(letter.value),
  };
}

function eventOf(value: string): unknown {
  try {
    const bytes = Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return value;
  }
}
