import { afterEach, beforeEach } from '@jest/globals';
import {
  blobKeys,
  createEvent,
  documentUploaded,
  type DocumentKind,
  type EventDefinition,
  type KnowledgeDocument,
} from '@berkas/contracts';
import { createFakeLanguageModel, type FakeLanguageModel } from '@berkas/llm/testing';
import { encodeEvent } from '@berkas/messaging';
import {
  collectEvents,
  createTemporaryEventBus,
  eventually,
  type TemporaryEventBus,
} from '@berkas/messaging/testing';
import { createLogger, systemClock, type Service } from '@berkas/service-kit';
import { createTemporaryStorage, type TemporaryStorage } from '@berkas/storage/testing';
import type { Extraction, PdfExtractor } from '../extraction/index.ts';
import { createService } from '../service.ts';

export const evaluationId = 'eval_0123456789abcdef01234567';
export const cvId = 'doc_000000000000000000000001';
export const projectReportId = 'doc_000000000000000000000002';
const reference = (id: string) => ({ id, version: 'v1' });
export const request = {
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
export const knowledge: KnowledgeDocument[] = [
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

export type IngestUnderTest = {
  /** What reading waits for. */
  hold: () => Promise<void>;
  storage: TemporaryStorage;
  bus: TemporaryEventBus;
  model: FakeLanguageModel;
  service: Service;
};

/** Takes the bytes of an upload for its text; `bad:<code>` is a PDF that cannot be read for that reason. */
const extractorOf = (ingest: IngestUnderTest): PdfExtractor => ({
  extract: async (pdf) => {
    await ingest.hold();
    const text = Buffer.from(typeof pdf === 'function' ? await pdf() : pdf).toString('utf8');
    const bad = /^bad:(\w+)$/.exec(text)?.[1];
    const extraction =
      bad === undefined
        ? { outcome: 'extracted', pages: [{ number: 1, text }], characters: text.length }
        : { outcome: 'rejected', code: bad, details: {} };
    return extraction as Extraction;
  },
  close: () => Promise.resolve(),
});

/** A running ingest for each test, on stores and a bus of its own. */
export function ingestUnderTest() {
  const ingest = {} as IngestUnderTest;

  beforeEach(async () => {
    ingest.hold = () => Promise.resolve();
    ingest.storage = await createTemporaryStorage({ embeddingModel: 'fake-embedding' });
    ingest.bus = createTemporaryEventBus();
    ingest.model = createFakeLanguageModel();
    for (const document of knowledge) {
      const key = blobKeys.knowledge(document.kind, document.id, 'v1');
      await ingest.storage.blobs.put(key, Buffer.from(JSON.stringify(document)));
    }
    ingest.service = createService({
      ...ingest.storage,
      bus: ingest.bus,
      model: ingest.model,
      extractor: extractorOf(ingest),
      concurrency: 4,
      clock: systemClock,
      logger: createLogger({ level: 'silent' }),
    });
    await ingest.service.start();
  });
  afterEach(async () => {
    await ingest.service.stop();
    await ingest.bus.dispose();
    await ingest.storage.dispose();
  });

  const publish = <Data>(
    definition: EventDefinition<Data>,
    data: Data,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const time = '2026-01-01T00:00:00.000Z';
    const message = encodeEvent(createEvent(definition, data, { source: 'test', time }));
    return ingest.bus.publish([{ ...message, headers: { ...message.headers, ...headers } }]);
  };

  return {
    ingest,
    publish,
    upload: async (
      documentId: string,
      kind: DocumentKind,
      content: string,
      headers?: Readonly<Record<string, string>>,
    ): Promise<void> => {
      const { bytes, sha256 } = await ingest.storage.blobs.put(
        blobKeys.upload(documentId),
        Buffer.from(content),
      );
      await publish(documentUploaded, { documentId, kind, bytes, sha256 }, headers);
    },
    /** The data of the first events of a kind, once there are that many. */
    firstOf: async <Data>(definition: EventDefinition<Data>, count = 1): Promise<Data[]> => {
      await eventually(async () => (await collectEvents(ingest.bus, definition)).length >= count);
      return (await collectEvents(ingest.bus, definition)).map(({ data }) => data);
    },
  };
}
