import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  documentUploaded,
  evaluationRequested,
  readModelCollections,
  type DeadLetter,
  type EvaluationView,
} from '@berkas/contracts';
import { publishEvents, type EventBus } from '@berkas/messaging';
import {
  collectEvents,
  collectMessages,
  createTemporaryEventBus,
  type TemporaryEventBus,
} from '@berkas/messaging/testing';
import { BerkasError, createLogger } from '@berkas/service-kit';
import type { Collection } from '@berkas/storage';
import { createTemporaryStorage, type TemporaryStorage } from '@berkas/storage/testing';
import { collections } from '../collections.ts';
import type { LetterDecision } from '../domain/decide-letter.ts';
import { eventsOfEvaluation, type EvaluationRecord } from '../domain/records.ts';
import { createOutbox } from '../outbox.ts';
import {
  documentLetterOf,
  EVALUATION,
  evaluationRecord,
  letterId,
  letterOf,
} from '../testing/dead-letters.ts';
import { createLetterDesk } from './letter-desk.ts';

const NOW = '2025-01-16T00:00:00.000Z';
const logger = createLogger({ level: 'silent' });
const dies = (): Promise<never> =>
  Promise.reject(new BerkasError('died here', { code: 'died', retryable: true }));

type Broken = {
  readonly letters?: Partial<Collection<DeadLetter>>;
  readonly decisions?: Partial<Collection<LetterDecision>>;
  readonly evaluations?: Partial<Collection<EvaluationRecord>>;
  readonly publish?: EventBus['publish'];
};

describe('the desk of dead letters', () => {
  let bus: TemporaryEventBus;
  let storage: TemporaryStorage;
  let letters: Collection<DeadLetter>;
  let evaluations: Collection<EvaluationRecord>;
  let views: Collection<EvaluationView>;
  beforeEach(async () => {
    bus = createTemporaryEventBus();
    storage = await createTemporaryStorage();
    letters = await storage.documents.collection<DeadLetter>(readModelCollections.deadLetters);
    evaluations = await storage.documents.collection<EvaluationRecord>(collections.evaluations);
    views = await storage.documents.collection<EvaluationView>(readModelCollections.evaluations);
  });
  afterEach(async () => {
    await bus.dispose();
    await storage.dispose();
  });

  /** A gateway of its own on the same store and bus; `broken` is where it dies. */
  async function openDesk(broken: Broken = {}) {
    const decisions = await storage.documents.collection<LetterDecision>(collections.redrives);
    const publish = broken.publish ?? ((messages) => bus.publish(messages));
    const evaluationOutbox = createOutbox<EvaluationRecord>({
      collection: { ...evaluations, ...broken.evaluations },
      eventsOf: eventsOfEvaluation,
      publish: (events) => publishEvents({ ...bus, publish }, events),
      logger,
    });
    const desk = createLetterDesk({
      letters: { ...letters, ...broken.letters },
      decisions: { ...decisions, ...broken.decisions },
      evaluations: { ...evaluations, ...broken.evaluations },
      evaluationViews: views,
      evaluationOutbox,
      publish,
      clock: { now: () => new Date(NOW) },
      logger,
    });
    return {
      ...desk,
      decisions,
      sweep: async () => {
        await evaluationOutbox.deliverPending();
        return desk.outbox.deliverPending();
      },
    };
  }
  const put = (...all: DeadLetter[]): Promise<unknown> =>
    Promise.all(all.map((letter) => letters.put(letter)));
  const stateOf = async (id: string) => (await letters.get(id))?.state;
  const requests = async () =>
    (await collectEvents(bus, evaluationRequested)).map(({ id, time, data: { round } }) => ({
      id,
      time,
      round,
    }));
  const republished = () => collectMessages(bus, documentUploaded.topic);
  const ROUND_1 = {
    id: `evaluation-requested.v1:${EVALUATION}:1`,
    time: NOW,
    round: 1,
  };

  it('reopens the evaluation of a letter, and redrives all of its letters with it', async () => {
    await evaluations.put(evaluationRecord());
    const ofStatus = letterOf({ id: letterId('3'), group: 'status' });
    const ofAnother = letterOf({ id: letterId('4'), evaluationId: `eval_${'9'.repeat(24)}` });
    await put(letterOf(), letterOf({ id: letterId('2'), group: 'project-evaluator' }));
    await put(ofStatus, ofAnother);
    const desk = await openDesk();
    expect(await desk.redrive(letterId('1'))).toMatchObject({
      outcome: 'decided',
      decision: { action: 'evaluation_reopened', round: 1 },
    });
    expect(await requests()).toEqual([ROUND_1]);
    expect(await evaluations.get(EVALUATION)).toEqual(
      evaluationRecord({ round: 1, reopenedAt: NOW }),
    );
    expect(await letters.get(letterId('1'))).toMatchObject({ state: 'redriven', decidedAt: NOW });
    expect(await stateOf(letterId('2'))).toBe('redriven');
    expect(await stateOf(ofStatus.id)).toBe('open');
    expect(await stateOf(ofAnother.id)).toBe('open');
    expect(await desk.redrive(letterId('2'))).toEqual({ outcome: 'settled', state: 'redriven' });
    expect(await desk.sweep()).toBe(0);
  });

  it('publishes any other event again as it came, for its group alone', async () => {
    const letter = documentLetterOf();
    await put(letter);
    expect(await (await openDesk()).redrive(letter.id)).toMatchObject({
      decision: { action: 'event_published_again' },
    });
    expect(await republished()).toMatchObject([
      {
        key: letter.key,
        value: Uint8Array.from([0xff, 0x00]),
        headers: {
          ce_type: 'document-uploaded',
          'redrive-group': 'ingest',
          'redrive-letter': letter.id,
        },
      },
    ]);
    expect(await stateOf(letter.id)).toBe('redriven');
  });

  it('drops, and settles nothing twice', async () => {
    const letter = documentLetterOf();
    await put(letter);
    const desk = await openDesk();
    expect(await desk.drop(letter.id)).toMatchObject({ decision: { action: 'dropped' } });
    expect(await letters.get(letter.id)).toMatchObject({ state: 'dropped', decidedAt: NOW });
    const settled = { outcome: 'settled', state: 'dropped' };
    expect(await desk.drop(letter.id)).toEqual(settled);
    expect(await desk.redrive(letter.id)).toEqual(settled);
    expect(await republished()).toEqual([]);
    expect(await desk.drop(letterId('9'))).toEqual({ outcome: 'unknown' });
  });

  it('drops the letter of an evaluation that completed', async () => {
    await evaluations.put(evaluationRecord());
    const closed = { at: NOW, outcome: 'completed', result: {} };
    await views.put({
      ...{ id: `${EVALUATION}:live`, evaluationId: EVALUATION, run: 'live' },
      closed,
    } as EvaluationView);
    await put(letterOf());
    expect(await (await openDesk()).redrive(letterId('1'))).toMatchObject({
      decision: { action: 'dropped' },
    });
    expect(await stateOf(letterId('1'))).toBe('dropped');
    expect(await requests()).toEqual([]);
  });

  it('decides nothing on what no bus would take', async () => {
    const desk = await openDesk();
    const tooLarge = Buffer.alloc(1_100_000).toString('base64');
    await put(documentLetterOf({ value: tooLarge }));
    await put(documentLetterOf({ id: letterId('3'), topic: 'dead-letter.ingest' }));
    expect(await desk.redrive(letterId('2'))).toEqual({ outcome: 'not_redrivable' });
    expect(await desk.redrive(letterId('3'))).toEqual({ outcome: 'not_redrivable' });
    expect(await stateOf(letterId('2'))).toBe('open');
    expect(await desk.drop(letterId('3'))).toMatchObject({ outcome: 'decided' });
  });

  it('lets one of a drop and a redrive at once win, and does what it says', async () => {
    const letter = documentLetterOf();
    await put(letter);
    const [one, other] = [await openDesk(), await openDesk()];
    const outcomes = await Promise.all([one.redrive(letter.id), other.drop(letter.id)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['decided', 'settled']);
    const redriven = outcomes[0].outcome === 'decided';
    expect(await stateOf(letter.id)).toBe(redriven ? 'redriven' : 'dropped');
    // Both carry the decision out: the same event, maybe twice.
    expect((await republished()).length > 0).toBe(redriven);
  });

  it('says of a letter that is projected anew what was decided before, and marks it', async () => {
    const letter = documentLetterOf();
    await put(letter);
    const desk = await openDesk();
    await desk.redrive(letter.id);
    await put(letter);
    expect(await desk.drop(letter.id)).toEqual({ outcome: 'settled', state: 'redriven' });
    expect(await stateOf(letter.id)).toBe('redriven');
    expect(await republished()).toHaveLength(1);
  });

  describe.each<[string, Broken | (() => Broken)]>([
    ['before a letter is marked', { letters: { modify: dies } }],
    ['before it is published', { publish: dies }],
    ['before the decision is marked', { decisions: { modify: dies } }],
    ['before the evaluation is reopened', () => ({ evaluations: { get: diesFrom(1) } })],
    ['before the evaluation is stored', { evaluations: { modify: dies } }],
    ['before its other letters are found', { letters: { find: dies } }],
  ])('of a gateway that dies %s', (_case, broken) => {
    const document = documentLetterOf();
    beforeEach(async () => {
      await evaluations.put(evaluationRecord());
      await put(letterOf(), letterOf({ id: letterId('3'), group: 'synthesizer' }), document);
      const dying = await openDesk(typeof broken === 'function' ? broken() : broken);
      expect(await dying.redrive(letterId('1'))).toMatchObject({ outcome: 'decided' });
      expect(await dying.redrive(document.id)).toMatchObject({ outcome: 'decided' });
    });
    const expectAllDone = async (): Promise<void> => {
      expect(new Map((await requests()).map((request) => [request.id, request]))).toEqual(
        new Map([[ROUND_1.id, ROUND_1]]),
      );
      expect((await evaluations.get(EVALUATION))?.state).toBe('published');
      expect((await republished()).length).toBeGreaterThan(0);
      for (const digit of ['1', '2', '3']) {
        expect(await stateOf(letterId(digit))).toBe('redriven');
      }
    };

    it('finishes what was decided after its next start', async () => {
      const next = await openDesk();
      await next.sweep();
      await next.sweep();
      await expectAllDone();
      expect(await next.sweep()).toBe(0);
    });

    it('or when it is asked again', async () => {
      const next = await openDesk();
      for (const id of [letterId('1'), document.id]) {
        const { outcome } = await next.redrive(id);
        expect(['decided', 'settled']).toContain(outcome);
      }
      await next.sweep();
      await expectAllDone();
    });
  });

  it('decides nothing when the decision cannot be stored', async () => {
    await put(documentLetterOf());
    const desk = await openDesk({ decisions: { insert: dies } });
    await expect(desk.redrive(letterId('2'))).rejects.toMatchObject({ code: 'died' });
    expect(await stateOf(letterId('2'))).toBe('open');
    expect(await desk.sweep()).toBe(0);
  });

  /** The first is to decide by; it dies at those after it. */
  function diesFrom(count: number): Collection<EvaluationRecord>['get'] {
    let calls = 0;
    return (id) => {
      calls += 1;
      return calls > count ? dies() : evaluations.get(id);
    };
  }
});
