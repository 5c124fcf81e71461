import { rm } from 'node:fs/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  addKnowledge,
  SMALL_KNOWLEDGE,
  writeKnowledge,
  type KnowledgeFiles,
} from '../testing/knowledge-folder.ts';
import { loadKnowledge } from './load.ts';

describe('loadKnowledge', () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  async function load(changes: KnowledgeFiles = {}) {
    const folder = await writeKnowledge({ ...SMALL_KNOWLEDGE, ...changes });
    folders.push(folder);
    return loadKnowledge(folder);
  }
  const job = SMALL_KNOWLEDGE['jobs/backend.md'] ?? '';

  it('reads front matter as fields and the Markdown below it as text', async () => {
    const { entries, jobs } = await load();
    const document = entries.find((entry) => entry.document.id === 'product-engineer-backend');
    expect(document?.document).toEqual({
      kind: 'job',
      id: 'product-engineer-backend',
      title: 'Product Engineer (Backend)',
      brief: 'case-study',
      cv_rubric: 'cv-rubric',
      project_rubric: 'project-rubric',
      text: 'Builds backends.',
    });
    expect(jobs.map(({ title }) => title)).toEqual([
      'Product Engineer (Backend)',
      'Product Designer',
    ]);
  });

  it('gives the same version to the same content, whatever the line ends and key order', async () => {
    const plain = await load();
    const reordered = job
      .replace('brief: case-study\n', '')
      .replace('---\n\n', 'brief: case-study\n---\n\n')
      .replaceAll('\n', '\r\n');
    const other = await load({ 'jobs/backend.md': `\ufeff${reordered}` });
    expect(other.jobs).toEqual(plain.jobs);
  });

  it('gives another version to other content', async () => {
    const plain = await load();
    const other = await load({ 'jobs/backend.md': `${job}And frontends.\n` });
    expect(other.jobs[0]?.versions.job.version).not.toBe(plain.jobs[0]?.versions.job.version);
    expect(other.jobs[0]?.versions.brief).toEqual(plain.jobs[0]?.versions.brief);
  });

  it('names every file and field that is wrong, all at once', async () => {
    const loading = load({
      'jobs/backend.md': 'no front matter',
      'jobs/designer.md': '---\nid: product-designer\n---\nText\n',
      'rubrics/cv.yaml': 'id: [',
      'rubrics/notes.txt': 'hello',
    });
    await expect(loading).rejects.toMatchObject({ code: 'knowledge_invalid' });
    const message = await loading.catch((error: unknown) => String(error));
    expect(message).toMatch(/jobs\/backend\.md: must begin with YAML front matter/);
    expect(message).toMatch(/jobs\/designer\.md: title: /);
    expect(message).toMatch(/jobs\/designer\.md: cv_rubric: /);
    expect(message).toMatch(/rubrics\/cv\.yaml: YAML: /);
    expect(message).toMatch(/rubrics\/notes\.txt: is not read/);
  });

  it.each([
    [
      'a brief that is not there',
      { 'jobs/backend.md': job.replace('brief: case-study', 'brief: nothing') },
      /jobs\/backend\.md: brief: there is no brief "nothing"; known are "case-study"/,
    ],
    [
      'rubrics the wrong way round',
      { 'jobs/backend.md': job.replace('cv_rubric: cv-rubric', 'cv_rubric: project-rubric') },
      /jobs\/backend\.md: cv_rubric: the rubric "project-rubric" scores project, not cv/,
    ],
    [
      'two jobs of one id',
      { 'jobs/copy.md': job.replace('Backend', 'Copy') },
      /jobs\/copy\.md: id: "product-engineer-backend" is taken by jobs\/backend\.md/,
    ],
    [
      'two jobs of one title',
      { 'jobs/copy.md': job.replace('id: product-engineer-backend', 'id: copy') },
      /jobs\/copy\.md: title: .* is the title of jobs\/backend\.md too/,
    ],
  ] as [string, KnowledgeFiles, RegExp][])('refuses %s', async (_name, changes, message) => {
    await expect(load(changes)).rejects.toThrow(message);
  });

  it('names a folder that is missing', async () => {
    const folder = await writeKnowledge({});
    folders.push(folder);
    await addKnowledge(folder, { 'jobs/backend.md': job });
    await expect(loadKnowledge(folder)).rejects.toThrow(/briefs\/: cannot be read/);
  });
});
