import { connect, type Socket } from 'node:net';

export const BOUNDARY = 'the-boundary';

/** Head of a multipart POST; without a length the body is to be sent in chunks or cut off. */
export const multipartHead = (length: number): string =>
  `POST /upload HTTP/1.1\r\nHost: berkas\r\nContent-Type: multipart/form-data; boundary=${BOUNDARY}\r\nContent-Length: ${length}\r\n\r\n`;

export const filePart = (name: string, filename: string): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: application/pdf\r\n\r\n`;

/** A socket to the server, for requests that no HTTP client would send. */
export async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve()).once('error', reject);
  });
  return socket;
}

/** Everything the server sends until `isEnough` or the end; rejects when it resets. */
export function readUntil(socket: Socket, isEnough: (text: string) => boolean): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (isEnough(text)) resolve(text);
    });
    socket.once('end', () => resolve(text));
    socket.once('error', reject);
  });
}

export const holdsProblem = (text: string): boolean => /\r\n\r\n\{.*\}$/su.test(text);
