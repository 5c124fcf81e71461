import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  blobKeys,
  documentIngested,
  documentUploaded,
  evaluationPrepared,
  evaluationRequested,
  knowledgePublished,
  createEvent,
  type DocumentKind,
  type EventDefinition,
  type KnowledgeDocument,
} from '@berkas/contracts';
import { createFakeLanguageModel, type FakeLanguageModel } from '@berkas/llm/testing';
import { publishEvents } from '@berkas/messaging';
import {
  collectEvents,
  createTemporaryEventBus,
  eventually,
  type TemporaryEventBus,
} from '@berkas/messaging/testing';
import { createLogger, systemClock, type Service } from '@berkas/service-kit';
import { createTemporaryStorage, type TemporaryStorage } from '@berkas/storage/testing';
import type { Extraction, PdfExtractor } from './extraction/index.ts';
import { createService } from './service.ts';

const evaluationId = 'eval_0123456789abcdef01234567';
const cvId = 'doc_000000000000000000000001';
const projectReportId = 'doc_000000000000000000000002';
const reference = (id: string) => ({ id, version: 'v1' });
const request = {
  evaluationId,
  cvId,
  projectReportId,
  knowledge: {
    job: reference('job'),
    brief: reference('brief'),
    cv_rubric: reference('cv-rubric'),
    project_rubric: reference('project-rubric'),
  },
};
const guide = { '1': 'a', '2': 'b', '3': 'c', '4': 'd', '5': 'e' };
const parameter = { id: 'all', label: 'All', weight: 1, looks_at: 'everything', guide };
const rubric = (id: string, scores: 'cv' | 'project'): KnowledgeDocument => ({
  kind: 'rubric',
  id,
  title: id,
  scores,
  parameters: [parameter],
});
const knowledge: KnowledgeDocument[] = [
  {
    kind: 'job',
    id: 'job',
    title: 'Job',
    brief: 'brief',
    cv_rubric: 'cv-rubric',
    project_rubric: 'project-rubric',
    text: 'Backend work.',
  },
  { kind: 'brief', id: 'brief', title: 'Brief', text: 'Build a service.' },
  rubric('cv-rubric', 'cv'),
  rubric('project-rubric', 'project'),
];

/** What reading waits for. */
let hold: () => Promise<void>;

/** Takes the bytes of an upload for its text; `bad:<code>` is a PDF that cannot be read for that reason. */
const extractor: PdfExtractor = {
  extract: async (pdf) => {
    await hold();
    const text = Buffer.from(typeof pdf === 'function' ? await pdf() : pdf).toString('utf8');
    const bad = /^bad:(\w+)$/.exec(text)?.[1];
    const extraction =
      bad === undefined
        ? { outcome: 'extracted', pages: [{ number: 1, text }], characters: text.length }
        : { outcome: 'rejected', code: bad, details: {} };
    return extraction as Extraction;
  },
  close: () => Promise.resolve(),
};

let storage: TemporaryStorage;
let bus: TemporaryEventBus;
let model: FakeLanguageModel;
let service: Service;

beforeEach(async () => {
  hold = () => Promise.resolve();
  storage = await createTemporaryStorage({ embeddingModel: 'fake-embedding' });
  bus = createTemporaryEventBus();
  model = createFakeLanguageModel();
  for (const document of knowledge) {
    const key = blobKeys.knowledge(document.kind, document.id, 'v1');
    await storage.blobs.put(key, Buffer.from(JSON.stringify(document)));
  }
  service = createService({
    ...storage,
    bus,
    model,
    extractor,
    concurrency: 4,
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
  });
  await service.start();
});
afterEach(async () => {
  await service.stop();
  await bus.dispose();
  await storage.dispose();
});

const publish = <Data>(definition: EventDefinition<Data>, data: Data) =>
  publishEvents(bus, [
    createEvent(definition, data, { source: 'test', time: '2026-01-01T00:00:00.000Z' }),
  ]);

async function upload(documentId: string, kind: DocumentKind, content: string): Promise<void> {
  const { bytes, sha256 } = await storage.blobs.put(
    blobKeys.upload(documentId),
    Buffer.from(content),
  );
  await publish(documentUploaded, { documentId, kind, bytes, sha256 });
}

/** The data of the first events of a kind, once there are that many. */
async function firstOf<Data>(definition: EventDefinition<Data>, count = 1): Promise<Data[]> {
  await eventually(async () => (await collectEvents(bus, definition)).length >= count);
  return (await collectEvents(bus, definition)).map(({ data }) => data);
}

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
      expect(await storage.search.hasSource({ kind, source: id, version: 'v1' })).toBe(true);
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
    const ids = (await collectEvents(bus, evaluationPrepared)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
  });
});

describe('reading a document', () => {
  it('keeps its text and makes it searchable under its content', async () => {
    await upload(cvId, 'cv', 'Ran Kafka in production.');
    expect(await firstOf(documentIngested)).toMatchObject([
      { documentId: cvId, outcome: 'ingested', pages: 1, passages: 1 },
    ]);
    const text = await storage.blobs.get(blobKeys.documentText(cvId));
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
    const prepared = await collectEvents(bus, evaluationPrepared);
    expect(new Set(prepared.map(({ data }) => data.outcome))).toEqual(new Set(['prepared']));
  });

  it('is not embedded a second time', async () => {
    await upload(cvId, 'cv', 'A CV.');
    await firstOf(documentIngested);
    await upload(cvId, 'cv', 'A CV.');
    await firstOf(documentIngested, 2);
    expect(model.embedded).toEqual([['A CV.']]);
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
    const waiting = await storage.documents.collection<{ id: string; source: string }>({
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
    hold = () => {
      reading = true;
      return new Promise(() => undefined);
    };
    await upload(cvId, 'cv', 'slow');
    await eventually(() => reading);
    await service.stop();
    expect(await collectEvents(bus, documentIngested)).toEqual([]);
  });
});

describe('knowledge', () => {
  it('is indexed when it is published', async () => {
    await publish(knowledgePublished, { kind: 'job', id: 'job', version: 'v1' });
    const source = { kind: 'job', source: 'job', version: 'v1' } as const;
    await eventually(() => storage.search.hasSource(source));
    expect(model.embedded).toEqual([['Backend work.']]);
  });
});
