import { describe, expect, it } from '@jest/globals';
import type { EvaluationView } from '@berkas/contracts';
import {
  documentLetterOf,
  EVALUATION,
  evaluationRecord,
  letterOf,
} from '../testing/dead-letters.ts';
import { decideRedrive, isMadeUpBy, reopened } from './decide-letter.ts';

const viewOf = (changes: Partial<EvaluationView> = {}): EvaluationView => ({
  id: `${EVALUATION}:live`,
  evaluationId: EVALUATION,
  run: 'live',
  ...changes,
});
const record = evaluationRecord();
const unknown = { record: undefined, view: undefined };
const completed = { at: record.requestedAt, outcome: 'completed', result: {} } as NonNullable<
  EvaluationView['closed']
>;

describe('redriving a dead letter', () => {
  it.each(['ingest', 'cv-evaluator', 'project-evaluator', 'synthesizer'])(
    'of a stage of an evaluation (%s) reopens the evaluation',
    (group) => {
      expect(decideRedrive(letterOf({ group }), { record, view: undefined })).toEqual({
        action: 'evaluation_reopened',
        evaluationId: EVALUATION,
        round: 1,
      });
    },
  );

  it.each([
    [{ round: 4 }, {}, {}],
    [{}, { round: 4 }, {}],
    [{}, {}, { round: 4 }],
  ])(
    'reopens for the round after the latest that is known: %j, %j, %j',
    (ofRecord, ofView, ofLetter) => {
      const known = { record: evaluationRecord(ofRecord), view: viewOf(ofView) };
      expect(decideRedrive(letterOf(ofLetter), known)).toMatchObject({ round: 5 });
    },
  );

  it('drops what is about an evaluation that completed all the same', () => {
    const view = viewOf({ closed: completed });
    expect(decideRedrive(letterOf(), { record, view })).toEqual({ action: 'dropped' });
  });

  it.each([
    ['of the projection', letterOf({ group: 'status' })],
    ['of another run', letterOf({ run: 'rescoring' })],
  ])(
    '%s publishes the event again for its group alone, whatever the evaluation',
    (_case, letter) => {
      expect(decideRedrive(letter, { record, view: viewOf({ closed: completed }) })).toEqual({
        action: 'event_published_again',
        message: {
          topic: letter.topic,
          key: letter.key,
          headers: {
            ...letter.headers,
            'redrive-group': letter.group,
            'redrive-letter': letter.id,
          },
          value: letter.value,
        },
      });
    },
  );

  it('publishes again what is about no evaluation, or about one that nobody asked for here', () => {
    const action = 'event_published_again';
    expect(decideRedrive(documentLetterOf(), unknown)).toMatchObject({ action });
    expect(decideRedrive(letterOf(), unknown)).toMatchObject({ action });
  });

  it('names its own letter where the event was redriven before', () => {
    const headers = { 'redrive-group': 'ingest', 'redrive-letter': 'dl_earlier' };
    const letter = documentLetterOf({ headers });
    expect(decideRedrive(letter, unknown)).toMatchObject({
      message: { headers: { 'redrive-group': 'ingest', 'redrive-letter': letter.id } },
    });
  });

  it.each(['dead-letter.ingest', 'somewhere', ''])(
    'does nothing where the event is from no topic of events: %j',
    (topic) => {
      expect(decideRedrive(documentLetterOf({ topic }), unknown)).toBeUndefined();
    },
  );
});

describe('an evaluation that is reopened', () => {
  it('is accepted anew for the round, once', () => {
    const at = '2025-01-16T00:00:00.000Z';
    const next = reopened(record, { round: 1, at });
    expect(next).toEqual({ ...record, state: 'accepted', round: 1, reopenedAt: at });
    const published = { ...next, state: 'published' } as const;
    expect(reopened(published, { round: 1, at })).toBe(published);
  });

  it('makes up for what its stages gave up in earlier rounds, and for nothing else', () => {
    expect(isMadeUpBy(letterOf(), 1)).toBe(true);
    expect(isMadeUpBy(letterOf({ round: 1 }), 2)).toBe(true);
    expect(isMadeUpBy(letterOf({ round: 1 }), 1)).toBe(false);
    expect(isMadeUpBy(letterOf({ group: 'status' }), 1)).toBe(false);
    expect(isMadeUpBy(letterOf({ run: 'rescoring' }), 1)).toBe(false);
  });
});
