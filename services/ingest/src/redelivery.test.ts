import { describe, expect, it } from '@jest/globals';
import {
  documentIngested,
  evaluationPrepared,
  evaluationRequested,
  REDRIVE_HEADERS,
} from '@berkas/contracts';
import { collectEvents, eventually } from '@berkas/messaging/testing';
import { systemClock } from '@berkas/service-kit';
import { documentSourceId } from './domain/prepare.ts';
import { createPreparation } from './preparation.ts';
import { cvId, projectReportId, request, ingestUnderTest } from './testing/ingest-under-test.ts';

const { ingest, publish, upload, firstOf } = ingestUnderTest();

describe('a document that is delivered again', () => {
  it('stays read, whatever becomes of the second reading', async () => {
    await upload(cvId, 'cv', 'A CV.');
    await upload(projectReportId, 'project_report', 'A report.');
    await publish(evaluationRequested, request);
    await firstOf(evaluationPrepared);
    await upload(cvId, 'cv', 'bad:pdf_too_slow');
    expect((await firstOf(documentIngested, 3)).map(({ outcome }) => outcome)).toEqual([
      'ingested',
      'ingested',
      'ingested',
    ]);
    const prepared = await collectEvents(ingest.bus, evaluationPrepared);
    expect(new Set(prepared.map(({ data }) => data.outcome))).toEqual(new Set(['prepared']));
  });

  it('is not embedded a second time', async () => {
    await upload(cvId, 'cv', 'A CV.');
    await firstOf(documentIngested);
    await upload(cvId, 'cv', 'A CV.');
    await firstOf(documentIngested, 2);
    expect(ingest.model.embedded).toEqual([['A CV.']]);
  });
});

describe('a document that was given up', () => {
  const redriven = { [REDRIVE_HEADERS.group]: 'ingest' };
  const aBug = () => Promise.reject(new TypeError('a bug'));

  it('is read when it is redriven, and its evaluations begin another round', async () => {
    ingest.hold = aBug;
    await publish(evaluationRequested, request);
    await upload(cvId, 'cv', 'A CV.');
    expect(await firstOf(evaluationPrepared)).toMatchObject([
      { outcome: 'failed', failure: { code: 'internal_error' } },
    ]);
    ingest.hold = () => Promise.resolve();
    // One more that fails for it, after it was given up.
    const later = { ...request, evaluationId: 'eval_fedcba9876543210fedcba98' };
    await publish(evaluationRequested, later);
    await firstOf(evaluationPrepared, 2);
    await upload(projectReportId, 'project_report', 'A report.');
    await firstOf(documentIngested, 2);
    // Delivered once more by itself it stays as people were told.
    await upload(cvId, 'cv', 'A CV.');
    const ingested = await firstOf(documentIngested, 3);
    expect(ingested[2]).toMatchObject({ documentId: cvId, outcome: 'rejected' });
    await upload(cvId, 'cv', 'A CV.', redriven);
    const again = async () =>
      (await collectEvents(ingest.bus, evaluationPrepared)).filter(
        ({ data }) => data.round !== undefined,
      );
    await eventually(async () => (await again()).length >= 2);
    const ids = (await again()).map(({ id }) => id);
    expect((await again()).map(({ data: { round, outcome } }) => ({ round, outcome }))).toEqual([
      { round: 1, outcome: 'prepared' },
      { round: 1, outcome: 'prepared' },
    ]);
    // Once more, and no other round begins.
    await upload(cvId, 'cv', 'A CV.', redriven);
    await eventually(async () => (await again()).length >= 4);
    expect((await again()).slice(2).map(({ id }) => id)).toEqual(ids);
  });

  it('is told apart from one that cannot be read, which stays so', async () => {
    await publish(evaluationRequested, request);
    await upload(cvId, 'cv', 'bad:pdf_encrypted');
    await firstOf(evaluationPrepared);
    await upload(cvId, 'cv', 'A CV.');
    expect((await firstOf(documentIngested, 2)).map(({ outcome }) => outcome)).toEqual([
      'rejected',
      'rejected',
    ]);
    expect(await collectEvents(ingest.bus, evaluationPrepared)).toMatchObject([
      { data: { outcome: 'failed' } },
      { data: { outcome: 'failed' } },
    ]);
  });
});

describe('a document that was found unreadable', () => {
  it('stays so when saying it fails for good', async () => {
    const { storage, model } = ingest;
    const preparation = createPreparation({ ...storage, model, clock: systemClock });
    const id = documentSourceId(cvId);
    const rejected = { id, outcome: 'rejected', code: 'pdf_encrypted' } as const;
    await preparation.sourceKnown(rejected, new AbortController().signal);
    const gaveUp = { id, outcome: 'rejected', code: 'internal_error', gaveUp: true } as const;
    const { standing } = await preparation.sourceGivenUp(gaveUp, new TypeError('a bug'));
    expect(standing).toEqual(rejected);
  });
});

describe('a request of a later round', () => {
  it('is prepared for that round, and one of an earlier round does not undo it', async () => {
    await publish(evaluationRequested, { ...request, round: 2 });
    await publish(evaluationRequested, request);
    await upload(cvId, 'cv', 'A CV.');
    await upload(projectReportId, 'project_report', 'A report.');
    const [prepared] = await firstOf(evaluationPrepared);
    expect(prepared).toMatchObject({ outcome: 'prepared', round: 2 });
  });
});
