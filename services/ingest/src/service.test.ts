import { describe, expect, it } from '@jest/globals';
import {
  blobKeys,
  documentIngested,
  documentUploaded,
  evaluationPrepared,
  evaluationRequested,
  knowledgePublished,
} from '@berkas/contracts';
import { collectEvents, eventually } from '@berkas/messaging/testing';
import {
  cvId,
  evaluationId,
  knowledge,
  projectReportId,
  request,
  ingestUnderTest,
} from './testing/ingest-under-test.ts';

const { ingest, publish, upload, firstOf } = ingestUnderTest();

describe('preparing an evaluation', () => {
  it.each([
    ['before both uploads', [0, 1, 2]],
    ['between the two', [1, 0, 2]],
    ['after both', [1, 2, 0]],
  ])('happens once both documents are read, when it was requested %s', async (_case, order) => {
    const steps = [
      () => publish(evaluationRequested, request),
      () => upload(cvId, 'cv', 'A CV.'),
      () => upload(projectReportId, 'project_report', 'A report.'),
    ];
    for (const index of order) await steps[index]?.();
    expect(await firstOf(evaluationPrepared)).toMatchObject([
      {
        evaluationId,
        outcome: 'prepared',
        cv: { id: cvId },
        projectReport: { id: projectReportId },
      },
    ]);
  });

  it('puts everything it needs into the index, also knowledge that was never announced', async () => {
    await upload(cvId, 'cv', 'A CV.');
    await upload(projectReportId, 'project_report', 'A report.');
    await publish(evaluationRequested, request);
    expect(await firstOf(evaluationPrepared)).toHaveLength(1);
    for (const { kind, id } of knowledge) {
      expect(await ingest.storage.search.hasSource({ kind, source: id, version: 'v1' })).toBe(true);
    }
  });

  it('fails with the reason as soon as one document cannot be read', async () => {
    await publish(evaluationRequested, request);
    await upload(projectReportId, 'project_report', 'bad:pdf_encrypted');
    expect(await firstOf(evaluationPrepared)).toMatchObject([
      {
        evaluationId,
        outcome: 'failed',
        failure: {
          code: 'pdf_encrypted',
          document_id: projectReportId,
          document_kind: 'project_report',
        },
      },
    ]);
    expect(await firstOf(documentIngested)).toMatchObject([
      { outcome: 'rejected', code: 'pdf_encrypted' },
    ]);
  });

  it('does not wait for another evaluation’s documents', async () => {
    const other = {
      ...request,
      evaluationId: 'eval_fedcba9876543210fedcba98',
      cvId: 'doc_00000000000000000000000f',
    };
    await publish(evaluationRequested, other);
    await publish(evaluationRequested, request);
    await upload(cvId, 'cv', 'A CV.');
    await upload(projectReportId, 'project_report', 'A report.');
    expect(await firstOf(evaluationPrepared)).toMatchObject([{ evaluationId }]);
  });

  it('makes the same events again for the same events', async () => {
    for (let delivery = 0; delivery < 2; delivery += 1) {
      await upload(cvId, 'cv', 'A CV.');
      await upload(projectReportId, 'project_report', 'A report.');
      await publish(evaluationRequested, request);
    }
    await firstOf(evaluationPrepared, 2);
    await firstOf(documentIngested, 4);
    const ids = (await collectEvents(ingest.bus, evaluationPrepared)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
  });
});

describe('reading a document', () => {
  it('keeps its text and makes it searchable under its content', async () => {
    await upload(cvId, 'cv', 'Ran Kafka in production.');
    expect(await firstOf(documentIngested)).toMatchObject([
      { documentId: cvId, outcome: 'ingested', pages: 1, passages: 1 },
    ]);
    const text = await ingest.storage.blobs.get(blobKeys.documentText(cvId));
    expect(JSON.parse(Buffer.from(text).toString('utf8'))).toEqual({
      pages: [{ number: 1, text: 'Ran Kafka in production.' }],
    });
  });

  it('rejects one whose file is gone', async () => {
    await publish(documentUploaded, {
      documentId: cvId,
      kind: 'cv',
      bytes: 1,
      sha256: 'a'.repeat(64),
    });
    expect(await firstOf(documentIngested)).toMatchObject([
      { outcome: 'rejected', code: 'document_missing' },
    ]);
  });
});

describe('an evaluation that cannot be prepared', () => {
  it('fails alone: others that wait for the same document are prepared', async () => {
    const gone = { id: 'gone', version: 'v1' };
    const broken = {
      ...request,
      evaluationId: 'eval_000000000000000000000000',
      knowledge: { ...request.knowledge, job: gone },
    };
    await upload(projectReportId, 'project_report', 'A report.');
    await firstOf(documentIngested);
    await publish(evaluationRequested, broken);
    await publish(evaluationRequested, request);
    // Their parking is not announced: the sign of it is in the store.
    const waiting = await ingest.storage.documents.collection<{ id: string; source: string }>({
      name: 'ingest-waiting',
      indexes: ['source'],
    });
    await eventually(async () => (await waiting.find({})).length === 2);
    await upload(cvId, 'cv', 'A CV.');
    const prepared = await firstOf(evaluationPrepared, 2);
    const outcomes = new Map(prepared.map((data) => [data.evaluationId, data.outcome]));
    expect(outcomes.get(broken.evaluationId)).toBe('failed');
    expect(outcomes.get(evaluationId)).toBe('prepared');
    expect((await firstOf(documentIngested, 2)).map(({ outcome }) => outcome)).toEqual([
      'ingested',
      'ingested',
    ]);
  });
});

describe('a stop', () => {
  it('does not wait for a PDF that is slow to read', async () => {
    let reading = false;
    ingest.hold = () => {
      reading = true;
      return new Promise(() => undefined);
    };
    await upload(cvId, 'cv', 'slow');
    await eventually(() => reading);
    await ingest.service.stop();
    expect(await collectEvents(ingest.bus, documentIngested)).toEqual([]);
  });
});

describe('knowledge', () => {
  it('is indexed when it is published', async () => {
    await publish(knowledgePublished, { kind: 'job', id: 'job', version: 'v1' });
    const source = { kind: 'job', source: 'job', version: 'v1' } as const;
    await eventually(() => ingest.storage.search.hasSource(source));
    expect(ingest.model.embedded).toEqual([['Backend work.']]);
  });
});
