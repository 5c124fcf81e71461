import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KnowledgeKind } from '@berkas/contracts';
import { BerkasError, messageOf } from '@berkas/service-kit';
import { buildCatalog, crossCheck, type KnowledgeCatalog, type KnowledgeFile } from './catalog.ts';
import { parseKnowledgeFile } from './parse-file.ts';

/** The knowledge folder does not fit; the message names every file and field that is wrong. */
export class KnowledgeError extends BerkasError {
  constructor(folder: string, problems: readonly string[]) {
    super(
      `The knowledge in ${folder} is not usable:\n${problems.map((line) => `  ${line}`).join('\n')}`,
      { code: 'knowledge_invalid', retryable: false },
    );
  }
}

const FOLDERS: readonly { name: string; kind: KnowledgeKind; endings: readonly string[] }[] = [
  { name: 'jobs', kind: 'job', endings: ['.md'] },
  { name: 'briefs', kind: 'brief', endings: ['.md'] },
  { name: 'rubrics', kind: 'rubric', endings: ['.yaml', '.yml'] },
];

type Findings = { readonly files: KnowledgeFile[]; readonly problems: string[] };

/** Reads and checks the whole folder; throws one `KnowledgeError` that holds all problems. */
export async function loadKnowledge(folder: string): Promise<KnowledgeCatalog> {
  const found: Findings = { files: [], problems: [] };
  for (const part of FOLDERS) await readFolder(folder, part, found);
  // References into files that could not be read would be reported as missing: false alarms.
  const problems = found.problems.length > 0 ? found.problems : crossCheck(found.files);
  if (problems.length > 0) throw new KnowledgeError(folder, problems);
  return buildCatalog(found.files);
}

async function readFolder(
  folder: string,
  { name, kind, endings }: (typeof FOLDERS)[number],
  found: Findings,
): Promise<void> {
  const names = await readdir(join(folder, name)).catch((error: unknown) => {
    found.problems.push(`${name}/: cannot be read (${messageOf(error)}).`);
    return undefined;
  });
  const visible = (names ?? []).filter((file) => !file.startsWith('.')).sort();
  if (names !== undefined && visible.length === 0) {
    found.problems.push(`${name}/: holds no files; at least one ${kind} is needed.`);
  }
  for (const file of visible) {
    const label = `${name}/${file}`;
    if (!endings.some((ending) => file.endsWith(ending))) {
      found.problems.push(`${label}: is not read: a ${kind} is a ${endings.join(' or ')} file.`);
      continue;
    }
    const parsed = parseKnowledgeFile(kind, await readFile(join(folder, name, file), 'utf8'));
    if (parsed.ok) found.files.push({ file: label, document: parsed.document });
    else found.problems.push(...parsed.problems.map((problem) => `${label}: ${problem}`));
  }
}
