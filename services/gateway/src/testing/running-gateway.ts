import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem, UploadResponse } from '@berkas/contracts';
import type { EventBus } from '@berkas/messaging';
import { createTemporaryEventBus, type TemporaryEventBus } from '@berkas/messaging/testing';
import { createLogger, type HealthCheck } from '@berkas/service-kit';
import type { BlobStore } from '@berkas/storage';
import { createTemporaryStorage, type TemporaryStorage } from '@berkas/storage/testing';
import type { GatewayConfig } from '../config.ts';
import { createService, type Gateway } from '../service.ts';
import { SMALL_KNOWLEDGE, writeKnowledge, type KnowledgeFiles } from './knowledge-folder.ts';

export const NOW = '2025-01-15T09:30:00.000Z';

export type RunningOptions = {
  readonly config?: Partial<GatewayConfig>;
  readonly knowledge?: KnowledgeFiles;
  /** Puts something before the real bus or blobs, to make them fail. */
  readonly bus?: (real: EventBus) => EventBus;
  readonly blobs?: (real: BlobStore) => BlobStore;
  readonly checks?: () => Record<string, HealthCheck>;
};

export interface RunningGateway {
  readonly url: string;
  readonly storage: TemporaryStorage;
  readonly bus: TemporaryEventBus;
  readonly knowledgeFolder: string;
  readonly service: Gateway;
  /** Every line logged so far. */
  readonly log: Record<string, unknown>[];
  /** Another gateway on the same storage, bus and knowledge; the first one is stopped. */
  restart(options?: RunningOptions): Promise<RunningGateway>;
  /** Names of the stored PDFs. */
  storedPdfs(): Promise<string[]>;
  /** How many PDFs are being written. */
  incomingPdfs(): Promise<number>;
  upload(parts?: UploadParts): Promise<UploadResponse>;
  dispose(): Promise<void>;
}

type Ground = Pick<RunningGateway, 'storage' | 'bus' | 'knowledgeFolder'> & {
  /** Everything that was started on it, so that a failed test leaves nothing running. */
  readonly started: Gateway[];
};

/** A gateway on a free port with embedded storage and bus of its own. */
export async function runGateway(options: RunningOptions = {}): Promise<RunningGateway> {
  const ground = {
    storage: await createTemporaryStorage(),
    bus: createTemporaryEventBus(),
    knowledgeFolder: await writeKnowledge(options.knowledge ?? SMALL_KNOWLEDGE),
    started: [],
  };
  return startOn(ground, options);
}

function createOn(ground: Ground, options: RunningOptions, log: object[]): Gateway {
  const { storage, bus, knowledgeFolder } = ground;
  return createService({
    config: {
      host: '127.0.0.1',
      port: 0,
      maxUploadBytes: 256 * 1024,
      maxConcurrentRequests: 256,
      maxConcurrentUploads: 32,
      maxQueued: 100_000,
      requestTimeoutMs: 20_000,
      stopDeadlineMs: 2000,
      outboxIntervalMs: 20,
      stuckAfterMs: 120_000,
      stuckSweepIntervalMs: 20,
      ...options.config,
    },
    bus: options.bus?.(bus) ?? bus,
    blobs: options.blobs?.(storage.blobs) ?? storage.blobs,
    documents: storage.documents,
    knowledgeFolder,
    logger: createLogger({
      level: 'debug',
      destination: { write: (line) => void log.push(JSON.parse(line) as object) },
    }),
    clock: { now: () => new Date(NOW) },
    ...(options.checks === undefined ? {} : { checks: options.checks }),
  });
}

async function startOn(ground: Ground, options: RunningOptions): Promise<RunningGateway> {
  const log: Record<string, unknown>[] = [];
  const service = createOn(ground, options, log);
  await service.start();
  ground.started.push(service);
  const { url } = service.address();
  return {
    ...ground,
    url,
    service,
    log,
    restart: async (changed) => {
      await service.stop();
      return startOn(ground, changed ?? options);
    },
    storedPdfs: () =>
      readdir(join(ground.storage.folder, 'blobs', 'objects', 'uploads')).catch(() => []),
    incomingPdfs: async () =>
      (await readdir(join(ground.storage.folder, 'blobs', 'incoming')).catch(() => [])).length,
    upload: async (parts) =>
      UploadResponse.parse(await (await postUpload(url, uploadForm(parts))).json()),
    dispose: async () => {
      await Promise.all(ground.started.map((each) => each.stop()));
      await ground.bus.dispose();
      await ground.storage.dispose();
      await rm(ground.knowledgeFolder, { recursive: true, force: true });
    },
  };
}

/** A file that says it is a PDF, of `bytes` bytes. */
export const pdf = (text = 'a document', bytes = 2048): Uint8Array<ArrayBuffer> => {
  const content = new Uint8Array(bytes).fill(0x20);
  content.set(new TextEncoder().encode(`%PDF-1.7\n${text}`).subarray(0, bytes));
  return content;
};

export type UploadParts = {
  readonly cv?: Uint8Array<ArrayBuffer>;
  readonly report?: Uint8Array<ArrayBuffer>;
  readonly cvName?: string;
};

export function uploadForm({ cv, report, cvName }: UploadParts = {}): FormData {
  const form = new FormData();
  form.append('cv', new Blob([cv ?? pdf('cv')]), cvName ?? 'cv.pdf');
  form.append('project_report', new Blob([report ?? pdf('report')]), 'report.pdf');
  return form;
}

export const postUpload = (
  url: string,
  body: FormData,
  headers: Record<string, string> = {},
): Promise<Response> => fetch(`${url}/upload`, { method: 'POST', body, headers });

export const postJson = (
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${url}/evaluate`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

/** Reads a response that must be a problem document. */
export async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get('content-type');
  if (type?.startsWith('application/problem+json') !== true) {
    throw new Error(`Not a problem document: ${response.status} ${String(type)}`);
  }
  const problem = Problem.parse(await response.json());
  if (problem.status !== response.status) throw new Error('The two statuses differ.');
  return problem;
}
