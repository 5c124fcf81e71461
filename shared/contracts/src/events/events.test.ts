import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createEvent, parseEvent, type BerkasEvent, type EventDefinition } from '../event.ts';
import { documentIngested } from './document-ingested.ts';
import { documentUploaded } from './document-uploaded.ts';
import { evaluationClosed } from './evaluation-closed.ts';
import { evaluationPrepared } from './evaluation-prepared.ts';
import { evaluationRequested } from './evaluation-requested.ts';
import { knowledgePublished } from './knowledge-published.ts';
import { cvEvaluated, projectEvaluated } from './part-evaluated.ts';

const definitions: EventDefinition[] = [
  documentUploaded,
  documentIngested,
  evaluationRequested,
  evaluationPrepared,
  cvEvaluated,
  projectEvaluated,
  evaluationClosed,
  knowledgePublished,
].map((definition) => definition as unknown as EventDefinition);

/** Events as the first release wrote them. They stay readable for ever: the log is replayed. */
const golden = ({ type, version }: EventDefinition): BerkasEvent[] =>
  JSON.parse(
    readFileSync(new URL(`__fixtures__/${type}.v${version}.json`, import.meta.url), 'utf8'),
  ) as BerkasEvent[];

describe.each(definitions)('$type', (definition) => {
  it('parses what its first release wrote', () => {
    for (const event of golden(definition)) expect(parseEvent(definition, event)).toEqual(event);
  });

  it('gives the same id and key for the same data, whenever it is made', () => {
    for (const event of golden(definition)) {
      const again = createEvent(definition, event.data, {
        source: 'other',
        time: '2030-01-01T00:00:00Z',
      });
      expect(again.event.id).toBe(event.id);
      expect(again.key).toBe(event.subject);
      expect(again.topic).toBe(`berkas.${definition.type}.v${definition.version}`);
    }
  });

  it('ignores fields that it does not know', () => {
    for (const event of golden(definition)) {
      const newer = { ...event, data: { ...(event.data as object), addedLater: 1 } };
      expect(parseEvent(definition, newer)).toEqual(event);
    }
  });

  it('refuses another type, and data without its fields', () => {
    for (const event of golden(definition)) {
      expect(() => parseEvent(definition, { ...event, type: 'other' })).toThrow(/type/);
      expect(() => parseEvent(definition, { ...event, data: {} })).toThrow();
    }
  });
});

describe('an event', () => {
  it('has no room for a person’s words', () => {
    const words = 'Budi from Bandung, 34';
    const failure = { code: 'pdf_corrupt', stage: 'reading', details: { note: words } } as const;
    expect(() =>
      evaluationClosed.schema.parse({
        evaluationId: 'eval_0123456789abcdef01234567',
        run: 'live',
        outcome: 'failed',
        failure,
      }),
    ).toThrow();
  });
});
