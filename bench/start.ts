import { delay } from '@berkas/service-kit';
import { mebibytes, median, milliseconds, type Figure } from './figures.ts';
import type { System } from './systems.ts';

const IDLE_MS = 3000;

export async function benchStart(
  { start }: System,
  { repetitions }: { repetitions: number },
): Promise<Figure[]> {
  const ready: number[] = [];
  const idle: number[] = [];
  for (let run = 0; run < repetitions; run += 1) {
    const server = await start();
    ready.push(server.readyMs);
    await delay(IDLE_MS);
    idle.push(await server.residentBytes());
    await server.stop();
  }
  return [
    {
      what: 'ready after the start of the process, median',
      value: milliseconds(median(ready)),
      aim: '< 3 s',
    },
    { what: 'resident when idle, median', value: mebibytes(median(idle)), aim: '< 300 MB' },
  ];
}
