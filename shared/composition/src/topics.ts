import {
  cvEvaluated,
  documentIngested,
  documentUploaded,
  evaluationClosed,
  evaluationPrepared,
  evaluationRequested,
  knowledgePublished,
  projectEvaluated,
  WORKERS,
  type EventDefinition,
} from '@berkas/contracts';
import { deadLetterTopic } from '@berkas/messaging';
import type { TopicSpecification } from '@berkas/messaging/kafka';

const FOREVER = -1;
const DAY_MS = 86_400_000;

/** As many replicas of one service can share a topic as it has partitions; more stand idle. */
const PARTITIONS = { evaluations: 12, documents: 12, knowledge: 1, deadLetters: 1 } as const;

/** Events hold no person's words, so that the history can be kept, for replays and rebuilds. */
const event = (
  { topic }: Pick<EventDefinition, 'topic'>,
  partitions: number,
): TopicSpecification => ({ name: topic, partitions, retentionMs: FOREVER });

/** Every topic there is. The set-up makes them; nothing else does. */
export const TOPICS: readonly TopicSpecification[] = [
  event(documentUploaded, PARTITIONS.documents),
  event(documentIngested, PARTITIONS.documents),
  event(evaluationRequested, PARTITIONS.evaluations),
  event(evaluationPrepared, PARTITIONS.evaluations),
  event(cvEvaluated, PARTITIONS.evaluations),
  event(projectEvaluated, PARTITIONS.evaluations),
  event(evaluationClosed, PARTITIONS.evaluations),
  // One partition: what the system knows is published in one order.
  event(knowledgePublished, PARTITIONS.knowledge),
  // A group is named as its service: whoever reads can give up what it read.
  ...WORKERS.map((group) => ({
    name: deadLetterTopic(group),
    partitions: PARTITIONS.deadLetters,
    // Long enough that a person comes back from leave and redrives it.
    retentionMs: 180 * DAY_MS,
  })),
];
