import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { blobKeys, documentUploaded } from '@berkas/contracts';
import { collectEvents, eventually } from '@berkas/messaging/testing';
import { StorageError } from '@berkas/storage';
import {
  NOW,
  pdf,
  postUpload,
  problemOf,
  runGateway,
  uploadForm,
  type RunningGateway,
} from '../../testing/running-gateway.ts';

const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

describe('POST /upload', () => {
  let gateway: RunningGateway;
  beforeEach(async () => {
    gateway = await runGateway();
  });
  afterEach(() => gateway.dispose());

  it('stores both files and answers their ids, names, sizes and hashes', async () => {
    const cv = pdf('my cv');
    const report = pdf('my report', 200_000);
    const response = await postUpload(gateway.url, uploadForm({ cv, report }));

    expect(response.status).toBe(201);
    const body = (await response.json()) as { cv: { id: string }; project_report: { id: string } };
    expect(body).toEqual({
      cv: { id: body.cv.id, filename: 'cv.pdf', bytes: 2048, sha256: hashOf(cv) },
      project_report: {
        id: body.project_report.id,
        filename: 'report.pdf',
        bytes: 200_000,
        sha256: hashOf(report),
      },
    });
    const stored = await gateway.storage.blobs.get(blobKeys.upload(body.project_report.id));
    expect(Buffer.from(stored).equals(Buffer.from(report))).toBe(true);
  });

  it('publishes that both were uploaded', async () => {
    const { cv, project_report: report } = await gateway.upload();
    const events = await collectEvents(gateway.bus, documentUploaded);
    expect(events.map(({ data, time }) => ({ ...data, time }))).toEqual([
      { documentId: cv.id, kind: 'cv', bytes: cv.bytes, sha256: cv.sha256, time: NOW },
      {
        documentId: report.id,
        kind: 'project_report',
        bytes: report.bytes,
        sha256: report.sha256,
        time: NOW,
      },
    ]);
  });

  it('keeps the letters of a file name and drops what is not a name', async () => {
    const { cv } = await gateway.upload({ cvName: '../../Résumé – 履歴書\u202e.pdf' });
    expect(cv.filename).toBe('Résumé – 履歴書.pdf');
  });

  it('takes a PDF whose signature comes after some junk, within the first 1024 bytes', async () => {
    const cv = new Uint8Array(4096).fill(0x41);
    cv.set(new TextEncoder().encode('%PDF-'), 1019);
    expect((await postUpload(gateway.url, uploadForm({ cv }))).status).toBe(201);
  });

  it('accepts twenty uploads at once', async () => {
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => postUpload(gateway.url, uploadForm())),
    );
    expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(201));
    expect(await gateway.storedPdfs()).toHaveLength(40);
  });

  describe('refuses and leaves nothing behind', () => {
    const form = (...parts: [string, Uint8Array<ArrayBuffer> | string][]): FormData => {
      const built = new FormData();
      for (const [name, content] of parts) {
        if (typeof content === 'string') built.append(name, content);
        else built.append(name, new Blob([content]), 'file.pdf');
      }
      return built;
    };
    const late = new Uint8Array(4096).fill(0x41);
    late.set(new TextEncoder().encode('%PDF-'), 1020);

    it.each([
      ['a missing part', form(['cv', pdf()]), 400, 'part_missing', 'project_report'],
      ['no part at all', form(), 400, 'part_missing', 'cv'],
      [
        'a part as text',
        form(['cv', pdf()], ['project_report', 'hello']),
        400,
        'part_missing',
        'project_report',
      ],
      [
        'two files in one part',
        form(['cv', pdf()], ['cv', pdf()], ['project_report', pdf()]),
        400,
        'part_repeated',
        'cv',
      ],
      [
        'a text beside the file',
        form(['cv', pdf()], ['cv', 'hi'], ['project_report', pdf()]),
        400,
        'part_repeated',
        'cv',
      ],
      ['an unknown file', form(['cv', pdf()], ['photo', pdf()]), 400, 'part_unknown', 'photo'],
      ...['toString', '__proto__', 'constructor'].map(
        (name) =>
          [
            `an unknown file with the name ${name}`,
            form(['cv', pdf()], ['project_report', pdf()], [name, pdf()]),
            400,
            'part_unknown',
            name,
          ] as const,
      ),
      [
        'a file sent as a long text',
        form(['cv', '%PDF-'.repeat(1000)], ['project_report', pdf()]),
        400,
        'part_missing',
        'cv',
      ],
      [
        'a long text beside the file',
        form(['cv', pdf()], ['cv', '%PDF-'.repeat(1000)], ['project_report', pdf()]),
        400,
        'part_repeated',
        'cv',
      ],
      ['a field with brackets', form(['cv[0]', 'x'], ['cv', pdf()]), 400, 'part_unknown', 'cv[0]'],
      [
        'an unknown field',
        form(['cv', pdf()], ['project_report', pdf()], ['note', 'x']),
        400,
        'part_unknown',
        'note',
      ],
      [
        'an empty file',
        form(['cv', pdf()], ['project_report', new Uint8Array(0)]),
        400,
        'file_empty',
        'project_report',
      ],
      [
        'a file that is no PDF',
        form(['cv', pdf()], ['project_report', new Uint8Array(3000)]),
        415,
        'file_not_pdf',
        'project_report',
      ],
      [
        'a short file that is no PDF',
        form(['cv', new TextEncoder().encode('%PDX')], ['project_report', pdf()]),
        415,
        'file_not_pdf',
        'cv',
      ],
      [
        'a signature that comes too late',
        form(['cv', late], ['project_report', pdf()]),
        415,
        'file_not_pdf',
        'cv',
      ],
      [
        'a file over the limit',
        form(['cv', pdf()], ['project_report', pdf('big', 256 * 1024 + 1)]),
        413,
        'file_too_large',
        'project_report',
      ],
    ] as const)('%s', async (_name, body, status, code, field) => {
      const response = await postUpload(gateway.url, body);
      expect(response.status).toBe(status);
      const problem = await problemOf(response);
      expect(problem).toMatchObject({ code, type: `urn:berkas:problem:${code}` });
      expect(problem.errors?.map((error) => error.field)).toContain(field);
      expect(await gateway.storedPdfs()).toEqual([]);
      expect(await collectEvents(gateway.bus, documentUploaded)).toEqual([]);
    });

    it('a file of exactly the limit is still taken', async () => {
      const response = await postUpload(gateway.url, uploadForm({ cv: pdf('', 256 * 1024) }));
      expect(response.status).toBe(201);
    });

    it.each([
      ['application/json', '{}', 415, 'media_type_unsupported'],
      ['multipart/form-data', 'x', 400, 'body_malformed'],
      ['multipart/form-data; boundary=x', '', 400, 'body_malformed'],
      ['multipart/form-data; boundary=x', '--x\r\nnonsense', 400, 'body_malformed'],
    ])('a body of type %s that holds %j', async (type, body, status, code) => {
      const response = await fetch(`${gateway.url}/upload`, {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      });
      expect(response.status).toBe(status);
      expect((await problemOf(response)).code).toBe(code);
    });
  });

  describe('with an Idempotency-Key', () => {
    const key = { 'idempotency-key': 'key-1' };

    it('answers a repeated request with the same ids and stores nothing twice', async () => {
      const first = await postUpload(gateway.url, uploadForm(), key);
      const second = await postUpload(gateway.url, uploadForm(), key);
      expect(second.status).toBe(201);
      expect(await second.json()).toEqual(await first.json());
      expect(await gateway.storedPdfs()).toHaveLength(2);
      expect(await collectEvents(gateway.bus, documentUploaded)).toHaveLength(2);
    });

    it('refuses other content and keeps the first content as it was', async () => {
      const cv = pdf('the first');
      const first = await postUpload(gateway.url, uploadForm({ cv }), key);
      const body = (await first.json()) as { cv: { id: string } };
      const other = await postUpload(gateway.url, uploadForm({ cv: pdf('another') }), key);
      expect(other.status).toBe(409);
      expect((await problemOf(other)).code).toBe('idempotency_key_reused');
      const stored = await gateway.storage.blobs.get(blobKeys.upload(body.cv.id));
      expect(hashOf(stored)).toBe(hashOf(cv));
      expect(await gateway.storedPdfs()).toHaveLength(2);
    });

    it('makes one upload of many at once', async () => {
      const responses = await Promise.all(
        Array.from({ length: 8 }, () => postUpload(gateway.url, uploadForm(), key)),
      );
      const bodies = await Promise.all(responses.map((response) => response.text()));
      expect(new Set(bodies).size).toBe(1);
      expect(await gateway.storedPdfs()).toHaveLength(2);
      expect(await collectEvents(gateway.bus, documentUploaded)).toHaveLength(2);
    });

    it.each(['', 'with space', 'x'.repeat(256)])('refuses the key %j', async (value) => {
      const response = await postUpload(gateway.url, uploadForm(), { 'idempotency-key': value });
      expect(response.status).toBe(400);
      expect((await problemOf(response)).code).toBe('idempotency_key_invalid');
    });
  });

  it('answers 500 without inner details when the store fails, and logs the error whole', async () => {
    const failing = await gateway.restart({
      blobs: (real) => ({ ...real, put: () => Promise.reject(new Error('disk secret')) }),
    });
    const response = await postUpload(failing.url, uploadForm());
    expect(response.status).toBe(500);
    expect(JSON.stringify(await problemOf(response))).not.toContain('secret');
    expect(JSON.stringify(failing.log)).toContain('disk secret');
  });

  it('answers 503 with when to come back while the store is away', async () => {
    const away = new StorageError('storage_unavailable', 'secret place: no answer');
    const failing = await gateway.restart({
      blobs: (real) => ({ ...real, put: () => Promise.reject(away) }),
    });
    const response = await postUpload(failing.url, uploadForm());
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    const problem = await problemOf(response);
    expect(problem.code).toBe('not_ready');
    expect(JSON.stringify(problem)).not.toContain('secret');
  });

  it('accepts while the bus is down and publishes once it is back', async () => {
    let isDown = true;
    const failing = await gateway.restart({
      bus: (real) => ({
        ...real,
        publish: (messages) =>
          isDown ? Promise.reject(new Error('no bus')) : real.publish(messages),
      }),
    });
    const { cv } = await failing.upload();
    expect(await collectEvents(gateway.bus, documentUploaded)).toEqual([]);
    isDown = false;
    await eventually(async () => {
      const events = await collectEvents(gateway.bus, documentUploaded);
      return events.some(({ data }) => data.documentId === cv.id);
    });
  });
});
