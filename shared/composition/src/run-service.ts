import {
  BerkasError,
  ConfigError,
  createLogger,
  createMetrics,
  delay,
  stopAll,
  systemClock,
  type Clock,
  type Flow,
  type HealthCheck,
  type HealthChecks,
  type Logger,
  type Metrics,
  type Service,
} from '@berkas/service-kit';
import type { RetryPolicy } from '@berkas/messaging';
import type { z } from 'zod';
import {
  breakersOf,
  flowOf,
  openPorts,
  type FlowOptions,
  type OpenPorts,
  type PortName,
  type Ports,
} from './ports.ts';
import { startProbeServer } from './probe-server.ts';
import { retryOf } from './retry-variables.ts';
import { waitUntil } from './server.ts';
import { createServiceReport } from './service-report.ts';
import { readVariables, type VariablesOf } from './service-variables.ts';

export type ServiceDefinition<Name extends PortName, Shape extends z.ZodRawShape> = FlowOptions & {
  readonly name: string;
  /** Where its HTTP is without a PORT: one for each service, so that six run on one machine. */
  readonly defaultPort: number;
  readonly ports: readonly Name[];
  readonly variables: Shape;
  readonly create: (deps: ServiceDeps<Name>, variables: VariablesOf<Shape>) => Service;
  /** It serves HTTP on its port itself, health and metrics included. */
  readonly servesHttp?: boolean;
};

export type ServiceDeps<Name extends PortName> = Pick<Ports, Name> & {
  readonly flow: Flow;
  readonly retry: Partial<RetryPolicy>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of what it depends on. */
  readonly checks: () => HealthChecks;
  readonly metrics: Metrics;
};

const EXIT = { stopped: 0, failed: 1, usage: 2, interrupted: 130 } as const;
/** For closing connections, after the work has stopped. */
const CLOSE_WITHIN_MS = 5_000;

/**
 * Runs one service as a process: reads its configuration, waits for its servers, works until SIGTERM
 * or SIGINT, stops within its deadline. What is under way then is given back: it is in the event log
 * until it is done. Answers the exit status, and never rejects.
 */
export async function runService<const Name extends PortName, Shape extends z.ZodRawShape>(
  definition: ServiceDefinition<Name, Shape>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const { stopping, ending } = stopSignals();
  try {
    const variables = readVariables(definition, environment);
    const logger = createLogger({ level: variables.LOG_LEVEL });
    const served = serve(definition, variables, { logger, stopping });
    return await Promise.race([served, ending.then(() => EXIT.interrupted)]);
  } catch (error) {
    return stopping.aborted ? EXIT.stopped : report(error, definition.name);
  }
}

async function serve<Name extends PortName, Shape extends z.ZodRawShape>(
  definition: ServiceDefinition<Name, Shape>,
  variables: VariablesOf<Shape>,
  options: { logger: Logger; stopping: AbortSignal },
): Promise<number> {
  const { name, ports } = definition;
  const { stopping } = options;
  // Services that consume add their own name.
  const logger = options.logger.child({ service: name });
  const { HOST: host, PORT: port } = variables;
  const waitingFor = new Map<string, string>();
  let opened: OpenPorts<Name> | undefined;
  let service: Service | undefined;
  const breakers = () => [...(opened?.breakers.values() ?? [])];
  const otherChecks = (): HealthChecks =>
    Object.fromEntries(breakers().map((breaker) => [breaker.name, breaker.health()]));
  const ownChecks = (): HealthChecks => service?.health() ?? { [name]: startingCheck(waitingFor) };
  const checks = (): HealthChecks => ({ ...otherChecks(), ...ownChecks() });
  const metrics = createMetrics({ service: name, breakers, checks });
  const probe =
    definition.servesHttp === true
      ? undefined
      : await startProbeServer({ host, port, ownChecks, otherChecks, metrics });
  const waiting = {
    logger,
    signal: stopping,
    onWait: (what: string, reason: string | undefined) => {
      if (reason === undefined) waitingFor.delete(what);
      else waitingFor.set(what, reason);
    },
  };
  try {
    const ready = await openPorts(ports, variables, { ...waiting, name, clock: systemClock });
    opened = ready;
    const deps: ServiceDeps<Name> = {
      ...ready.ports,
      flow: flowOf(ready, ports, definition),
      retry: retryOf(variables),
      clock: systemClock,
      logger: definition.servesHttp === true ? logger : options.logger,
      checks: otherChecks,
      metrics,
    };
    // Made anew for each try: a service that could not start has freed what it had.
    service = await waitUntil(
      `what ${name} needs for its start`,
      async () => {
        const starting = definition.create(deps, variables);
        await starting.start();
        return starting;
      },
      waiting,
    );
    const reports = reportsOf(service, ready, { definition, logger });
    for (const report of reports) await report.start();
    logger.info({ port: probe?.port ?? port }, `${name} is ready`);
    await aborted(stopping);
    logger.info(`${name} is stopping`);
    await stopAll([service, ...reports], { deadlineMs: variables.BERKAS_STOP_DEADLINE_MS, logger });
    return EXIT.stopped;
  } finally {
    const closing = Promise.all([opened?.close(), probe?.close()]);
    await Promise.race([closing, delay(CLOSE_WITHIN_MS)]).catch((error: unknown) => {
      logger.warn({ err: error }, 'stopped without closing everything');
    });
  }
}

/** Of one that reads events, where documents are open to it: the model's ledger is kept there too. */
function reportsOf<Name extends PortName>(
  service: Service,
  opened: OpenPorts<Name>,
  {
    definition,
    logger,
  }: { definition: FlowOptions & { ports: readonly PortName[] }; logger: Logger },
): Service[] {
  const { documents } = opened.ports as Partial<Ports>;
  if (documents === undefined || service.backlog === undefined) return [];
  const breakers = breakersOf(opened, definition.ports, definition);
  return [createServiceReport({ service, breakers, documents, clock: systemClock, logger })];
}

const startingCheck = (waitingFor: ReadonlyMap<string, string>): HealthCheck => ({
  status: 'failed',
  detail:
    waitingFor.size === 0
      ? 'starting'
      : `waiting for ${[...waitingFor].map(([what, why]) => `${what} (${why})`).join('; ')}`,
});

/** The first SIGTERM or SIGINT asks for an orderly stop, a second one for the end. */
function stopSignals(): { stopping: AbortSignal; ending: Promise<void> } {
  const controller = new AbortController();
  const ending = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (controller.signal.aborted) resolve();
        controller.abort();
      });
    }
  });
  return { stopping: controller.signal, ending };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

function report(error: unknown, service: string): number {
  const isForeseen = error instanceof BerkasError;
  // For the person who starts it: standard error, in words; a bug is shown whole.
  process.stderr.write(
    isForeseen
      ? `${service} cannot start. ${error.message}\n`
      : `${service} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return error instanceof ConfigError ? EXIT.usage : EXIT.failed;
}
