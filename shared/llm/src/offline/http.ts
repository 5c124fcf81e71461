import type { IncomingMessage, ServerResponse } from 'node:http';

import { ApiError, invalidRequest } from './errors.ts';

/** The body as text and as JSON. Throws an ApiError: 413 over the limit, 400 when it is no JSON. */
export async function readJsonBody(
  request: IncomingMessage,
  limitBytes: number,
): Promise<{ text: string; json: unknown }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The rest is read and dropped, so that the sender hears the answer and not a broken pipe.
    if (size <= limitBytes) chunks.push(chunk);
  }
  if (size > limitBytes) throw tooLarge(limitBytes);
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return { text, json: JSON.parse(text) as unknown };
  } catch {
    throw invalidRequest('invalid_json', 'The request body is not JSON.');
  }
}

/** Nothing when the connection is gone or an answer was already sent. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

function tooLarge(limitBytes: number): ApiError {
  return new ApiError({
    status: 413,
    type: 'invalid_request_error',
    code: 'body_too_large',
    message: `The request body is larger than ${limitBytes} bytes.`,
  });
}
