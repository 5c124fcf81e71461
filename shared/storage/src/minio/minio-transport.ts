import http from 'node:http';
import https from 'node:https';
import { lateError } from '../deadline.ts';
import { StorageError } from '../storage-error.ts';

/** Sockets idle for longer are closed by us, before the server does it under a request. */
const IDLE_SOCKET_MS = 10_000;

/** What the client takes for a transport: the `request` of `node:http`. */
export type MinioTransport = Pick<typeof http, 'request'>;

/**
 * Requests over kept connections, each ended after `timeoutMs`, its answer's body included: the
 * client has no deadline of its own. Statuses of an overloaded or failing server become retryable
 * errors here, since the client would hide them in the text of a plain `Error`.
 */
export function createMinioTransport(secure: boolean, timeoutMs: number): MinioTransport {
  const send = secure ? https.request : http.request;
  const request = (
    options: http.RequestOptions,
    onResponse: (response: http.IncomingMessage) => void,
  ): http.ClientRequest => {
    let response: http.IncomingMessage | undefined;
    const sending = send(options, (arrived) => {
      response = arrived;
      const refusal = refusalOf(arrived);
      if (refusal === undefined) {
        onResponse(arrived);
        return;
      }
      sending.destroy(refusal);
      // The response has no listener, so that the request alone can tell.
      sending.emit('error', refusal);
    });
    const timer = setTimeout(() => {
      (response ?? sending).destroy(lateError(`${options.method ?? 'reach'} a blob`, timeoutMs));
    }, timeoutMs);
    sending.once('close', () => clearTimeout(timer));
    return sending;
  };
  return { request: request as MinioTransport['request'] };
}

export const createMinioAgent = (secure: boolean): http.Agent =>
  new (secure ? https.Agent : http.Agent)({ keepAlive: true, timeout: IDLE_SOCKET_MS });

function refusalOf(response: http.IncomingMessage): StorageError | undefined {
  const status = response.statusCode ?? 0;
  const told = response.headers['x-minio-error-code'];
  // HEAD has no body: without this a missing bucket would look like a missing object.
  if (told === 'NoSuchBucket') return bucketMissing();
  if (status === 429 || status === 503) {
    return new StorageError('storage_busy', `The blob server is overloaded (${status}).`);
  }
  if (status === 408 || status === 499 || (status >= 500 && status !== 501 && status !== 507)) {
    return new StorageError('storage_unavailable', `The blob server failed (${status}).`);
  }
  return undefined;
}

export const bucketMissing = (cause?: unknown): StorageError =>
  new StorageError('storage_unusable', 'The bucket does not exist: run the set-up.', { cause });
