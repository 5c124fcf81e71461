import type { LanguageModelClient } from '@berkas/llm';
import type { EventBus } from '@berkas/messaging';
import {
  createFlow,
  eitherBreaker,
  type Breaker,
  type Clock,
  type Flow,
} from '@berkas/service-kit';
import type { BlobStore, DocumentStore, SearchIndex } from '@berkas/storage';
import { openEmbeddedAdapters, type Adapters, type EmbeddedAdapters } from './embedded-adapters.ts';
import { createStoredLedger } from './ledger.ts';
import type { ModelVariables } from './model-variables.ts';
import { connectModel, modelAddress, modelNames } from './model.ts';
import {
  openBlobs,
  openDocuments,
  openKafka,
  openSearch,
  type Embedding,
  type Opened,
} from './server-adapters.ts';
import { namesServer, type ServerName, type ServerVariables } from './server-variables.ts';
import { waitForServer, waitUntil, type Server, type WaitOptions } from './server.ts';

/** What a service is given to work with. */
export type Ports = {
  readonly bus: EventBus;
  readonly blobs: BlobStore;
  readonly documents: DocumentStore;
  readonly search: SearchIndex;
  readonly model: LanguageModelClient;
};
export type PortName = keyof Ports;

export interface OpenPorts<Name extends PortName> {
  readonly ports: Pick<Ports, Name>;
  /** Of those that can be away, by what they are for; `fallback`: of the second model, if any. */
  readonly breakers: ReadonlyMap<PortName | 'fallback', Breaker>;
  /** Frees what was opened, in reverse. */
  close(): Promise<void>;
}

export type PortOptions = WaitOptions & {
  /** The service's, for the servers' own logs. */
  readonly name: string;
  readonly clock: Clock;
  /** Where the embedded adapters keep their state; none: every port needs its server's address. */
  readonly embeddedFolder?: string;
};

/**
 * Opens these ports on the servers whose addresses are set, and waits until each answers; the others
 * on the embedded adapters. What was opened is freed again when one cannot be.
 */
export async function openPorts<const Name extends PortName>(
  names: readonly Name[],
  variables: ServerVariables & ModelVariables,
  options: PortOptions,
): Promise<OpenPorts<Name>> {
  const wanted = withNeeded(names);
  const stopWaiting = new AbortController();
  const waiting = { ...options, signal: AbortSignal.any([options.signal, stopWaiting.signal]) };
  const opened: Partial<{ -readonly [Port in PortName]: Ports[Port] }> = {};
  const breakers = new Map<PortName | 'fallback', Breaker>();
  const cleanUps: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (let undo = cleanUps.pop(); undo !== undefined; undo = cleanUps.pop()) {
      await undo().catch((error: unknown) => {
        options.logger.warn({ err: error }, 'closed with an error');
      });
    }
  };
  let embedded: EmbeddedAdapters | undefined;
  const embeddedAdapters = (): EmbeddedAdapters => {
    if (embedded !== undefined) return embedded;
    const { embeddedFolder: folder } = options;
    if (folder === undefined) throw new Error('A port has neither a server nor a folder.');
    const { embeddingModel } = modelNames(variables);
    embedded = openEmbeddedAdapters({ ...options, folder, embeddingModel });
    const adapters = embedded;
    cleanUps.push(() => adapters.close());
    // One breaker for the folder, under the first port that is on it: all consumers need them all.
    const onDisk = (['documents', 'blobs', 'search'] as const).find(
      (port) => !namesServer(variables, port),
    );
    if (onDisk !== undefined) breakers.set(onDisk, adapters.breaker);
    return embedded;
  };
  /** The server's adapter once it answers, where an address is set. */
  const open = async <Port extends ServerName>(
    port: Port,
    onServer: () => Promise<Opened<Adapters[Port]>>,
  ): Promise<Adapters[Port]> => {
    if (!namesServer(variables, port)) return embeddedAdapters()[port];
    const { port: adapter, server, close: closeOne } = await onServer();
    cleanUps.push(closeOne);
    if (server.breaker !== undefined) {
      breakers.set(port, server.breaker);
      tryWithoutWork(server, server.breaker);
    }
    await waitForServer(server, waiting);
    return adapter;
  };

  const openModel = async (documents: DocumentStore): Promise<LanguageModelClient> => {
    const ledger = createStoredLedger(documents);
    const { client, close: closeModel } = await connectModel(variables, { ...options, ledger });
    cleanUps.push(closeModel);
    breakers.set('model', client.breaker);
    if (client.fallbackBreaker !== undefined) breakers.set('fallback', client.fallbackBreaker);
    return client;
  };

  try {
    const openers: { [Port in PortName]: () => Promise<Ports[Port]> } = {
      bus: () => open('bus', () => openKafka(variables, options)),
      blobs: () => open('blobs', () => openBlobs(variables, options)),
      documents: () => open('documents', () => openDocuments(variables, options)),
      model: () => openModel(present(opened.documents)),
      search: () =>
        open('search', async () =>
          openSearch(
            variables,
            await embeddingOf(present(opened.model), variables, waiting),
            options,
          ),
        ),
    };
    // Whichever is not there yet is waited for beside the others; the model and what needs it follow.
    const put = async (port: PortName): Promise<void> => {
      if (wanted.has(port)) Object.assign(opened, { [port]: await openers[port]() });
    };
    await allOrNone(stopWaiting, [
      put('bus'),
      put('blobs'),
      put('documents').then(() => put('model')),
    ]);
    await put('search');
    return { ports: opened as Ports, breakers, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A half-open breaker waits for a call; this one costs nothing, and is made without any work too. */
function tryWithoutWork(server: Server, breaker: Breaker): void {
  breaker.onChange((state) => {
    if (state === 'half_open') void breaker.run(server.ready).catch(() => undefined);
  });
}

export type FlowOptions = {
  /**
   * What it asks the model a fallback may answer: it waits only while neither is there. Not for one
   * that embeds documents, since only the first model can.
   */
  readonly fallsBack?: boolean;
};

/** Of what a service on these ports depends on. */
export const breakersOf = (
  { breakers }: Pick<OpenPorts<PortName>, 'breakers'>,
  names: readonly PortName[],
  { fallsBack = false }: FlowOptions = {},
): Breaker[] =>
  [...withNeeded(names)].flatMap((name) => {
    const breaker = breakers.get(name);
    if (breaker === undefined) return [];
    const fallback = name === 'model' && fallsBack ? breakers.get('fallback') : undefined;
    return fallback === undefined ? breaker : eitherBreaker(breaker, fallback);
  });

/** Whether a service may take up work: it waits while one of these ports is away. */
export const flowOf = (
  opened: Pick<OpenPorts<PortName>, 'breakers'>,
  names: readonly PortName[],
  options: FlowOptions = {},
): Flow => createFlow(breakersOf(opened, names, options));

/** The length of a model's vectors is found out by asking it for one. */
export async function embeddingOf(
  model: LanguageModelClient,
  variables: ModelVariables,
  options: WaitOptions,
): Promise<Embedding> {
  const { vectors } = await waitUntil(
    `the language model at ${modelAddress(variables)}`,
    () => model.embed(['length'], options.signal),
    options,
  );
  return { embeddingModel: model.embeddingModel, dimensions: present(vectors[0]).length };
}

/** The ledger of the model is kept in documents; the index is by the model's vectors. */
export function withNeeded(names: readonly PortName[]): ReadonlySet<PortName> {
  const wanted = new Set<PortName>(names);
  if (wanted.has('search')) wanted.add('model');
  if (wanted.has('model')) wanted.add('documents');
  return wanted;
}

/** As `Promise.all`; when one rejects the others are told, and none is under way any more. */
async function allOrNone(others: AbortController, work: readonly Promise<void>[]): Promise<void> {
  let first: { error: unknown } | undefined;
  const watched = work.map((one) =>
    one.catch((error: unknown) => {
      first ??= { error };
      others.abort();
    }),
  );
  await Promise.all(watched);
  if (first !== undefined) throw first.error;
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('A port is used before it is open.');
  return value;
}
