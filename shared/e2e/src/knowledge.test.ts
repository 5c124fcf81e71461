import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { JobsResponse, knowledgePublished } from '@berkas/contracts';
import { collectEvents } from '@berkas/messaging/testing';
import { cvs, fixturePath, reports } from '../fixtures/index.ts';
import { openBus, removeFolder, startBerkas, temporaryFolder } from './berkas-under-test.ts';

const SHIPPED = fileURLToPath(new URL('../../../knowledge', import.meta.url));
const cv = fixturePath(cvs['mid-english'].file);
const report = fixturePath(reports['weak-english'].file);

let data: string;
let knowledge: string;
const start = () => startBerkas({ BERKAS_DATA_DIR: data, BERKAS_KNOWLEDGE_DIR: knowledge });

beforeEach(async () => {
  data = await temporaryFolder();
  knowledge = await temporaryFolder();
  await cp(SHIPPED, knowledge, { recursive: true });
});
afterEach(async () => {
  await removeFolder(data);
  await removeFolder(knowledge);
});

async function change(file: string, edit: (text: string) => string): Promise<void> {
  const path = join(knowledge, file);
  await writeFile(path, edit(await readFile(path, 'utf8')));
}

/** What was published so far, read from the log of a stopped server. */
async function published(): Promise<string[]> {
  const bus = openBus(data);
  const events = await collectEvents(bus, knowledgePublished);
  await bus.close();
  return events.map(({ data: { kind, id } }) => `${kind}/${id}`).sort();
}

const SHIPPED_DOCUMENTS = [
  'brief/case-study-screening-service',
  'job/product-engineer-backend',
  'rubric/cv-standard',
  'rubric/project-standard',
];

describe('the system’s own documents', () => {
  it('are published at the first start, and not again while they stay as they are', async () => {
    await (await start()).stop();
    await (await start()).stop();
    expect(await published()).toEqual(SHIPPED_DOCUMENTS);
  });

  it('are published again when they changed, and only those', async () => {
    const before = await start();
    const { jobs } = JobsResponse.parse(await (await before.get('/jobs')).json());
    await before.stop();
    await change('jobs/product-engineer-backend.md', (text) => `${text}\nWe also use Redis.\n`);
    const after = await start();
    const { jobs: changed } = JobsResponse.parse(await (await after.get('/jobs')).json());
    await after.stop();
    expect(changed[0]?.version).not.toBe(jobs[0]?.version);
    expect(await published()).toEqual(
      [...SHIPPED_DOCUMENTS, 'job/product-engineer-backend'].sort(),
    );
  });

  it('decide what is scored: a company’s own rubric has its own parameters and weights', async () => {
    await writeFile(
      join(knowledge, 'rubrics/cv-standard.yaml'),
      `id: cv-standard
title: Our own
scores: cv
parameters:
  - id: databases
    label: Databases
    weight: 0.7
    looks_at: PostgreSQL, MySQL and how they were used
    guide: { '1': none, '2': named, '3': used, '4': used well, '5': outstanding }
  - id: sailing
    label: Sailing
    weight: 0.3
    looks_at: regattas, yachts and navigation at sea
    guide: { '1': none, '2': once, '3': often, '4': very often, '5': always }
`,
    );
    const berkas = await start();
    const { result } = await berkas.completed(cv, report);
    await berkas.stop();
    expect(result.cv.parameters.map(({ id }) => id)).toEqual(['databases', 'sailing']);
    const [databases, sailing] = result.cv.parameters;
    expect(databases?.score).toBeGreaterThan(sailing?.score ?? 5);
  });

  it('stop the start when they do not fit, each problem named with its file', async () => {
    await change('rubrics/cv-standard.yaml', (text) =>
      text.replace('weight: 0.40', 'weight: 0.50'),
    );
    await change('jobs/product-engineer-backend.md', (text) => text.replace('title: ', 'name: '));
    await expect(start()).rejects.toThrow(
      /product-engineer-backend\.md: title[\s\S]*cv-standard\.yaml: [\s\S]*sum to 1/,
    );
  });
});
