import { createNamespacedEventBus, type EventBus } from '@berkas/messaging';
import { createKafkaEventBus } from '@berkas/messaging/kafka';
import { createLogger } from '@berkas/service-kit';
import {
  setUpServers,
  startInstallation,
  startModel,
  type Environment,
  type RunningProcess,
} from './installation.ts';
import { namespaceOf, serverAddresses } from './servers.ts';

/** Whether the suite runs on the real servers, with the services as six processes. */
export const onServers = process.env['BERKAS_TEST_INTEGRATION'] === '1';

/** Gateways that run now, by the folder that stands for their installation. */
const gateways = new Map<string, string>();
const setUp = new Set<string>();

/** How a command finds the servers, and the gateway that runs for the folder, where there is one. */
export async function commandVariables(environment: Environment): Promise<Environment> {
  const folder = environment['BERKAS_DATA_DIR'] ?? '';
  const url = gateways.get(folder);
  const servers = { ...serverAddresses(), BERKAS_NAMESPACE: namespaceOf(folder) };
  if (url === undefined) await ensureSetUp(folder, servers);
  return { ...servers, ...(url === undefined ? {} : { BERKAS_URL: url }), ...environment };
}

async function ensureSetUp(folder: string, variables: Environment): Promise<void> {
  if (setUp.has(folder)) return;
  await setUpServers(variables);
  setUp.add(folder);
}

/** Six processes and the offline model as a seventh, asked by all of them. */
export async function startOnServers(folder: string, environment: Environment) {
  const { OFFLINE_MODEL_FAULTS: faults, BERKAS_DATA_DIR: _, ...others } = environment;
  const namespace = namespaceOf(folder);
  let model: RunningProcess | undefined;
  let ofModel: Environment = {};
  if (environment['OPENAI_API_KEY'] === undefined) {
    const started = await startModel(faults === undefined ? {} : { OFFLINE_MODEL_FAULTS: faults });
    model = started;
    ofModel = started.variables;
  }
  const variables: Environment = {
    ...serverAddresses(),
    ...ofModel,
    BERKAS_NAMESPACE: namespace,
    // The shortest that the cluster takes: what a killed process held is free again after it.
    KAFKA_SESSION_TIMEOUT_MS: '6000',
    ...others,
  };
  try {
    await ensureSetUp(folder, { ...serverAddresses(), ...ofModel, BERKAS_NAMESPACE: namespace });
    const installation = await startInstallation(variables);
    gateways.set(folder, installation.url);
    const kill = async (signal: NodeJS.Signals): Promise<number | null> => {
      gateways.delete(folder);
      const status = await installation.kill(signal);
      await model?.kill('SIGKILL');
      return status;
    };
    const stop = async (): Promise<void> => {
      await kill('SIGTERM');
    };
    return { url: installation.url, kill, stop };
  } catch (error) {
    await model?.kill('SIGKILL');
    throw error;
  }
}

export function openBusOnServers(folder: string): EventBus {
  const brokers = serverAddresses()['KAFKA_BROKERS'] ?? '';
  const logger = createLogger({ level: 'silent' });
  const bus = createKafkaEventBus({ brokers: brokers.split(','), clientId: 'e2e', logger });
  return createNamespacedEventBus(bus, namespaceOf(folder));
}
