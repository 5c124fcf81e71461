import { cpus } from 'node:os';
import { sideBySide, type Figure } from './figures.ts';
import { benchHop } from './hop.ts';
import { benchLatency } from './latency.ts';
import { benchQueued } from './queued.ts';
import { benchReplicas } from './replicas.ts';
import { benchSlowModel } from './slow-model.ts';
import { benchStart } from './start.ts';
import { systems, type System } from './systems.ts';
import { benchThroughput } from './throughput.ts';
import { benchUploads } from './uploads.ts';

const smoke = process.argv.includes('--smoke');
const only = process.argv
  .find((argument) => argument.startsWith('--only='))
  ?.slice('--only='.length);

type Bench = {
  readonly title: string;
  readonly run: (system: System) => Promise<Figure[]>;
  /** One process has no replicas. */
  readonly distributedAlone?: boolean;
};

const benches: Bench[] = [
  { title: 'Start and rest', run: (system) => benchStart(system, { repetitions: smoke ? 1 : 5 }) },
  { title: 'An event’s hop', run: (system) => benchHop(system, { messages: smoke ? 20 : 500 }) },
  {
    title: 'Latency with the offline model',
    run: (system) => benchLatency(system, { evaluations: smoke ? 3 : 60 }),
  },
  {
    title: 'Throughput with the offline model',
    run: (system) => benchThroughput(system, { atOnce: smoke ? 5 : 50 }),
  },
  {
    title: 'A slow model',
    run: (system) => benchSlowModel(system, { repetitions: smoke ? 2 : 6, atOnce: smoke ? 3 : 20 }),
  },
  {
    title: 'Many queued',
    run: (system) =>
      benchQueued(system, smoke ? { few: 20, many: 100 } : { few: 1000, many: 10_000 }),
  },
  { title: 'Large uploads', run: (system) => benchUploads(system, { atOnce: smoke ? 3 : 20 }) },
  {
    title: 'Replicas, with a model that takes 2 s a call',
    run: (system) =>
      benchReplicas(
        system,
        smoke
          ? { replicas: [1, 2], evaluationsEach: 4 }
          : { replicas: [1, 2, 4], evaluationsEach: 24 },
      ),
    distributedAlone: true,
  },
];

const processors = cpus();
console.log(
  `Node ${process.versions.node}, ${processors.length} × ${processors[0]?.model ?? 'unknown'}\n`,
);
for (const { title, run, distributedAlone = false } of benches) {
  if (only !== undefined && !title.toLowerCase().includes(only.toLowerCase())) continue;
  const measured = systems().filter(({ name }) => name === 'distributed' || !distributedAlone);
  if (measured.length === 0) continue;
  const columns: { name: string; figures: Figure[] }[] = [];
  for (const system of measured) columns.push({ name: system.name, figures: await run(system) });
  console.log(`## ${title}\n\n${sideBySide(columns)}\n`);
}
