import { integer, LOG_LEVELS, parseConfig } from '@berkas/service-kit';
import { z } from 'zod';
import { modelChecks, modelVariables } from './model-variables.ts';
import { withNeeded, type PortName } from './ports.ts';
import { retryVariables } from './retry-variables.ts';
import { saslChecks, serverChecks, SERVERS, serverVariables } from './server-variables.ts';
import { withChecks } from './variable-check.ts';

/** What every service reads from its environment, whatever it does. */
const serviceVariables = {
  ...serverVariables,
  ...modelVariables,
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  /** How long a stop waits for work under way before it is left to others. */
  BERKAS_STOP_DEADLINE_MS: integer(0, 600_000).default(10_000),
  ...retryVariables,
};

/** Those of every service, and its own. */
export type VariablesOf<Shape extends z.ZodRawShape> = z.output<
  z.ZodObject<typeof serviceVariables>
> & { PORT: number } & z.output<z.ZodObject<Shape>>;

/** Reads the environment of a service on these ports; throws a `ConfigError` that names all that is wrong. */
export function readVariables<Shape extends z.ZodRawShape>(
  {
    ports,
    variables,
    defaultPort,
  }: { ports: readonly PortName[]; variables: Shape; defaultPort: number },
  environment: Readonly<Record<string, string | undefined>>,
): VariablesOf<Shape> {
  const needed = withNeeded(ports);
  const servers = SERVERS.filter((server) => needed.has(server));
  const checks = [...serverChecks(servers), ...saslChecks(), ...modelChecks()];
  const PORT = integer(0, 65_535).default(defaultPort);
  const schema = withChecks(z.object({ PORT, ...serviceVariables, ...variables }), checks);
  return parseConfig(schema, environment) as VariablesOf<Shape>;
}
