import { DocumentId, EvaluationId, Round, RunName, type DeadLetter } from '@berkas/contracts';
import type { DeliveredMessage } from '@berkas/messaging';
import { sha256 } from '@berkas/service-kit';
import { z } from 'zod';

const PREFIX = 'dead-letter-';
const Count = z.coerce.number().int().min(0);

/**
 * The dead letter in a message of a group's dead-letter topic. It never throws: whatever stands on
 * that topic is shown to a person, with what is known of it.
 *
 * The id follows from where the event stood, so that a letter that is delivered again is the same
 * one. A message that does not say where that was stands for itself.
 */
export function readLetter(group: string, message: DeliveredMessage): DeadLetter {
  const why = (name: string): string | undefined => message.headers[PREFIX + name];
  const stack = why('stack');
  const unannounced = why('unannounced');
  const place = placeOf(message);
  return {
    id: letterId(group, place),
    state: 'open',
    group,
    ...place,
    key: message.key,
    code: why('code') ?? 'unknown',
    reason: why('reason') ?? 'The message does not say why it was given up.',
    ...(stack === undefined ? {} : { stack }),
    attempts: Count.catch(0).parse(why('attempts')),
    at: z.iso.datetime().catch(new Date(message.timestampMs).toISOString()).parse(why('at')),
    ...(unannounced === undefined ? {} : { unannounced }),
    ...subjectOf(message.value),
    headers: Object.fromEntries(
      Object.entries(message.headers).filter(([name]) => !name.startsWith(PREFIX)),
    ),
    value: Buffer.from(message.value).toString('base64'),
  };
}

type Place = Pick<DeadLetter, 'topic' | 'partition' | 'offset'>;

export const letterId = (group: string, { topic, partition, offset }: Place): string =>
  `dl_${sha256(`${group}/${topic}/${partition}/${offset}`).slice(0, 24)}`;

function placeOf({ headers, topic, partition, offset }: DeliveredMessage): Place {
  const named = z
    .object({ topic: z.string().min(1), partition: Count, offset: z.string().regex(/^\d+$/) })
    .safeParse({
      topic: headers[`${PREFIX}topic`],
      partition: headers[`${PREFIX}partition`],
      offset: headers[`${PREFIX}offset`],
    });
  return named.success ? named.data : { topic, partition, offset };
}

type Subject = Pick<DeadLetter, 'evaluationId' | 'run' | 'round' | 'documentId'>;

/** Each field as far as it is one: the event may be given up because it is none of its kind. */
const Fields = z.object({
  evaluationId: EvaluationId.optional().catch(undefined),
  run: RunName.optional().catch(undefined),
  round: Round.optional().catch(undefined),
  documentId: DocumentId.optional().catch(undefined),
});

function subjectOf(value: Uint8Array): Subject {
  const { evaluationId = '', run, round, documentId } = Fields.catch({}).parse(jsonOf(value));
  return {
    evaluationId,
    ...(run === undefined ? {} : { run }),
    ...(round === undefined ? {} : { round }),
    ...(documentId === undefined ? {} : { documentId }),
  };
}

function jsonOf(value: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value));
  } catch {
    return undefined;
  }
}
