import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest, WorkerSettings } from './messages.ts';
import { loadPdfium, PdfiumCrashError, PdfiumMemoryError } from './pdfium.ts';
import { readDocument } from './read-document.ts';

if (parentPort === null) throw new Error('worker.ts runs in a worker thread only');
const port = parentPort;
const settings = workerData as WorkerSettings;
const pdfium = await loadPdfium(settings.pdfiumMemoryBytes);

function reply({ pdf }: WorkerRequest): WorkerReply {
  try {
    const extraction = readDocument(pdfium, pdf, settings);
    return { kind: 'done', extraction, pdfiumMemoryBytes: pdfium.heap.HEAPU8.byteLength };
  } catch (error) {
    if (error instanceof PdfiumMemoryError) return { kind: 'out_of_memory' };
    if (error instanceof PdfiumCrashError) return { kind: 'crashed' };
    return { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
  }
}

port.on('message', (request: WorkerRequest) => {
  port.postMessage(reply(request));
});
port.postMessage({ kind: 'ready' } satisfies WorkerReply);
