import { UploadResponse } from '@berkas/contracts';
import { z } from 'zod';
import {
  headersOf,
  problemResponses,
  repeatableRequestHeaders,
  type Operation,
} from '../openapi/operation.ts';

const PdfFile = z
  .string()
  .meta({ override: { type: 'string', contentMediaType: 'application/pdf' } });

/** The parts of the multipart body. Files are streams and checked as such, not by this schema. */
export const UploadBody = z.strictObject({
  cv: PdfFile.meta({ description: 'The CV: one PDF file.' }),
  project_report: PdfFile.meta({ description: 'The project report: one PDF file.' }),
});

const EXAMPLE: UploadResponse = {
  cv: {
    id: 'doc_0f8c2a6d4b1e93755c7a0d12',
    filename: 'cv.pdf',
    bytes: 48_213,
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  },
  project_report: {
    id: 'doc_a1d94e07b3c25f8866e0f3b9',
    filename: 'report.pdf',
    bytes: 181_002,
    sha256: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
  },
};

export const uploadOperation = (maxUploadBytes: number): Operation => ({
  operationId: 'upload',
  summary: 'Store a CV and a project report',
  description: `Each file is at most ${maxUploadBytes} bytes and a PDF by its content. Both are stored or neither is.`,
  requestParams: { header: repeatableRequestHeaders },
  requestBody: {
    required: true,
    content: {
      'multipart/form-data': {
        schema: UploadBody,
        encoding: {
          cv: { contentType: 'application/pdf' },
          project_report: { contentType: 'application/pdf' },
        },
      },
    },
  },
  responses: {
    '201': {
      description: 'Both are stored. Their ids are what POST /evaluate takes.',
      headers: headersOf(),
      content: { 'application/json': { schema: UploadResponse, example: EXAMPLE } },
    },
    ...problemResponses([
      'not_ready',
      'overloaded',
      'too_many_queued',
      'body_malformed',
      'part_missing',
      'part_repeated',
      'part_unknown',
      'file_empty',
      'file_not_pdf',
      'file_too_large',
      'media_type_unsupported',
      'idempotency_key_invalid',
      'idempotency_key_reused',
    ]),
  },
});
