import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Path in the folder to content. */
export type KnowledgeFiles = Readonly<Record<string, string>>;

const rubric = (id: string, scores: string): string => `id: ${id}
title: A rubric
scores: ${scores}
parameters:
  - id: skills
    label: Skills
    weight: 1
    looks_at: what was built
    guide: { '1': none, '2': few, '3': some, '4': many, '5': all }
`;

/** A small, valid knowledge folder: two jobs, one brief, two rubrics. */
export const SMALL_KNOWLEDGE: KnowledgeFiles = {
  'jobs/backend.md': `---
id: product-engineer-backend
title: Product Engineer (Backend)
brief: case-study
cv_rubric: cv-rubric
project_rubric: project-rubric
---

Builds backends.
`,
  'jobs/designer.md': `---
id: product-designer
title: Product Designer
brief: case-study
cv_rubric: cv-rubric
project_rubric: project-rubric
---
Designs products.
`,
  'briefs/case-study.md': `---
id: case-study
title: The case study
---
Build a service.
`,
  'rubrics/cv.yaml': rubric('cv-rubric', 'cv'),
  'rubrics/project.yaml': rubric('project-rubric', 'project'),
};

/** Writes the files below a new temporary folder and answers its path. */
export async function writeKnowledge(files: KnowledgeFiles): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'berkas-knowledge-'));
  await addKnowledge(folder, files);
  return folder;
}

export async function addKnowledge(folder: string, files: KnowledgeFiles): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}
