import type { ServerResponse } from 'node:http';
import { delay } from '@berkas/service-kit';
import type { Chance } from './random.ts';

export const MODEL_FAULTS = [
  'status_429',
  'status_429_without_time',
  'status_500',
  'status_503',
  'reset_before',
  'reset_within',
  'hang',
  'late',
  'malformed',
] as const;
export type ModelFault = (typeof MODEL_FAULTS)[number];

/** Answers false: this was no whole answer. */
export async function spoil(
  fault: Exclude<ModelFault, 'late'>,
  outgoing: ServerResponse,
  chance: Chance,
): Promise<false> {
  const status = (code: number, headers: Record<string, string> = {}): void => {
    outgoing.writeHead(code, { 'content-type': 'application/json', ...headers });
    outgoing.end('{"error":{"message":"A fault.","type":"server_error","code":null}}');
  };
  switch (fault) {
    case 'status_429':
      status(429, { 'retry-after': String(Math.ceil(chance.between(0, 2))) });
      break;
    case 'status_429_without_time':
      status(429);
      break;
    case 'status_500':
      status(500);
      break;
    case 'status_503':
      status(503);
      break;
    case 'reset_before':
      outgoing.socket?.resetAndDestroy();
      break;
    case 'reset_within':
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': 4096 });
      outgoing.write('{"id":"chatcmpl-');
      await delay(20);
      outgoing.socket?.resetAndDestroy();
      break;
    case 'hang':
      break;
    case 'malformed':
      outgoing.writeHead(200, { 'content-type': 'application/json' });
      outgoing.end('{"id":"chatcmpl-0","object":"chat.completion","choices":[{"mess');
      break;
  }
  return false;
}
