import { describe, expect, it } from '@jest/globals';
import { ProblemCode } from '@berkas/contracts';
import { PROBLEMS } from '../problem.ts';
import { createOpenApi } from './document.ts';

describe('The OpenAPI document', () => {
  const document = createOpenApi({ maxUploadBytes: 10_485_760 });

  it('is OpenAPI 3.1 and describes every route', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths ?? {})).toEqual([
      '/upload',
      '/evaluate',
      '/result/{id}',
      '/jobs',
      '/dead-letters',
      '/dead-letters/{id}',
      '/dead-letters/{id}/redrive',
      '/dead-letters/{id}/drop',
      '/healthz',
      '/readyz',
    ]);
  });

  it('asks for the token on the routes for operators, and on no others', () => {
    const guarded = Object.entries(document.paths ?? {}).flatMap(([path, { get, post }]) =>
      (get ?? post)?.security === undefined ? [] : [path],
    );
    expect(guarded).toEqual([
      '/dead-letters',
      '/dead-letters/{id}',
      '/dead-letters/{id}/redrive',
      '/dead-letters/{id}/drop',
    ]);
    expect(document.components?.securitySchemes).toMatchObject({
      operatorToken: { type: 'http', scheme: 'bearer' },
    });
  });

  it('describes the two files of an upload', () => {
    expect(document.paths?.['/upload']?.post?.requestBody).toMatchObject({
      content: {
        'multipart/form-data': {
          schema: {
            required: ['cv', 'project_report'],
            properties: { cv: { type: 'string', contentMediaType: 'application/pdf' } },
          },
        },
      },
    });
  });

  it('takes the fields of a request from the schema that checks it', () => {
    expect(document.components?.schemas?.['EvaluateRequest']).toMatchObject({
      required: ['job_title', 'cv_id', 'project_report_id'],
      additionalProperties: false,
    });
  });

  it('names the header and the problems of a repeatable request', () => {
    const operation = document.paths?.['/evaluate']?.post;
    const names = (operation?.parameters ?? []).map((parameter) =>
      'name' in parameter ? parameter.name : '',
    );
    expect(names).toContain('Idempotency-Key');
    expect(Object.keys(operation?.responses ?? {})).toEqual([
      '202',
      '400',
      '405',
      '409',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
    ]);
    expect(JSON.stringify(operation?.responses?.['422'])).toContain('document_wrong_kind');
  });

  it('gives every problem code a status', () => {
    expect(Object.keys(PROBLEMS).sort()).toEqual([...ProblemCode.options].sort());
  });

  it('refers only to components that it holds', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name,
    );
    expect(references.length).toBeGreaterThan(5);
    for (const name of references) {
      expect(Object.keys(document.components?.schemas ?? {})).toContain(name);
    }
  });
});
