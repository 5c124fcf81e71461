import { readFile } from 'node:fs/promises';
import type { Client } from '@berkas/cli/client';
import type { ServiceName } from '@berkas/e2e/installation';

export type Server = {
  readonly client: Client;
  /** From the start of the process, or of the six at once, until it can serve. */
  readonly readyMs: number;
  /** Resident memory of all its processes now, in bytes; that of the servers is not in it. */
  residentBytes(): Promise<number>;
  stop(): Promise<void>;
};

export type StartOptions = {
  readonly environment?: Record<string, string>;
  /** More than one process of a service; the embedded system has one process for all. */
  readonly replicas?: Partial<Record<ServiceName, number>>;
};

/** Resident memory of one process, in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kibibytes = /VmRSS:\s+(\d+) kB/.exec(status)?.[1];
  if (kibibytes === undefined)
    throw new Error('The system does not say how much memory is resident.');
  return Number(kibibytes) * 1024;
}
