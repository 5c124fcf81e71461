import { cpus } from 'node:os';
import { table, type Figure } from './figures.ts';
import { benchLatency } from './latency.ts';
import { benchSlowModel } from './slow-model.ts';
import { benchStart } from './start.ts';
import { benchThroughput } from './throughput.ts';
import { benchUploads } from './uploads.ts';

const smoke = process.argv.includes('--smoke');

const benches: [string, () => Promise<Figure[]>][] = [
  ['Start and rest', () => benchStart({ repetitions: smoke ? 1 : 5 })],
  ['Latency with the offline model', () => benchLatency({ evaluations: smoke ? 3 : 60 })],
  ['Throughput with the offline model', () => benchThroughput({ atOnce: smoke ? 5 : 50 })],
  ['A slow model', () => benchSlowModel({ repetitions: smoke ? 2 : 6, atOnce: smoke ? 3 : 20 })],
  ['Large uploads', () => benchUploads({ atOnce: smoke ? 3 : 20 })],
];

const processors = cpus();
console.log(
  `Node ${process.versions.node}, ${processors.length} × ${processors[0]?.model ?? 'unknown'}\n`,
);
for (const [title, bench] of benches) {
  console.log(`## ${title}\n\n${table(await bench())}\n`);
}
