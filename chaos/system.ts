import type { OpenPorts } from '@berkas/composition';
import type { FaultChoice, PlannedFault } from './schedule.ts';

export type Environment = Readonly<Record<string, string>>;

export type Mend = () => Promise<void> | void;

/** A fresh installation of Berkas that can be broken. */
export interface System {
  /** Of the gateways. */
  readonly urls: readonly string[];
  readonly choices: readonly FaultChoice[];
  /** Breaks it; answers what mends it again. */
  inject(fault: Pick<PlannedFault, 'kind' | 'target'>): Promise<Mend>;
  /** Stops every process in an orderly way. What it kept stays. */
  stop(): Promise<void>;
  /** What processes did that nobody asked for. */
  complaints(): readonly string[];
  /** What it kept, once it is stopped. */
  open(): Promise<OpenPorts<'bus' | 'blobs' | 'documents' | 'search' | 'model'>>;
  /** The keys of all blobs. */
  blobKeys(): Promise<string[]>;
  /** Removes what it kept. */
  remove(): Promise<void>;
}

export type StartSystem = (options: {
  /** How the model is asked, and whatever else is to be set. */
  readonly environment: Environment;
  /** Where logs go, and what is kept in files. */
  readonly folder: string;
  /** Nothing will be broken: one process of each service, with the usual patience. */
  readonly isCalm: boolean;
}) => Promise<System>;
