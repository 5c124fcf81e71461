import type { KnowledgeDocument, KnowledgeReference, KnowledgeVersions } from '@berkas/contracts';
import { canonicalJson, contentVersion } from '@berkas/service-kit';
import { normalizeTitle, type NamedJob } from '../domain/find-job.ts';

/** One document of the knowledge folder and the file it came from. */
export type KnowledgeFile = {
  /** Relative to the folder, for messages: `jobs/backend.md`. */
  readonly file: string;
  readonly document: KnowledgeDocument;
};

export type KnowledgeEntry = {
  readonly document: KnowledgeDocument;
  readonly version: string;
};

/** A job with the versions that an application for it is judged by. */
export type CatalogJob = NamedJob & { readonly versions: KnowledgeVersions };

export type KnowledgeCatalog = {
  readonly entries: readonly KnowledgeEntry[];
  readonly jobs: readonly CatalogJob[];
};

/** The version follows from the parsed content: a new line break in a file is no new version. */
export const versionOf = (document: KnowledgeDocument): string =>
  contentVersion(canonicalJson(document));

/** What is wrong between the files, each line naming file and field; empty when all is well. */
export function crossCheck(files: readonly KnowledgeFile[]): string[] {
  return [...repeatedIds(files), ...repeatedTitles(files), ...brokenReferences(files)];
}

/** Puts checked files together. Throws when a reference is broken: `crossCheck` comes first. */
export function buildCatalog(files: readonly KnowledgeFile[]): KnowledgeCatalog {
  const entries = files.map(({ document }) => ({ document, version: versionOf(document) }));
  const reference = (kind: KnowledgeDocument['kind'], id: string): KnowledgeReference => {
    const entry = entries.find(({ document }) => document.kind === kind && document.id === id);
    if (entry === undefined) throw new Error(`There is no ${kind} "${id}".`);
    return { id, version: entry.version };
  };
  const jobs = files.flatMap(({ document }): CatalogJob[] => {
    if (document.kind !== 'job') return [];
    const versions = {
      job: reference('job', document.id),
      brief: reference('brief', document.brief),
      cv_rubric: reference('rubric', document.cv_rubric),
      project_rubric: reference('rubric', document.project_rubric),
    };
    return [{ id: document.id, title: document.title, versions }];
  });
  return { entries, jobs };
}

function repeatedIds(files: readonly KnowledgeFile[]): string[] {
  return repeats(files, ({ document }) => `${document.kind}/${document.id}`).map(
    ([first, second]) =>
      `${second.file}: id: "${second.document.id}" is taken by ${first.file}; give it another.`,
  );
}

function repeatedTitles(files: readonly KnowledgeFile[]): string[] {
  const jobs = files.filter(({ document }) => document.kind === 'job');
  return repeats(jobs, ({ document }) => normalizeTitle(document.title)).map(
    ([first, second]) =>
      `${second.file}: title: "${second.document.title}" is the title of ${first.file} too; jobs are asked for by title, so each needs its own.`,
  );
}

function repeats(
  files: readonly KnowledgeFile[],
  nameOf: (file: KnowledgeFile) => string,
): [KnowledgeFile, KnowledgeFile][] {
  const firsts = new Map<string, KnowledgeFile>();
  return files.flatMap((file): [KnowledgeFile, KnowledgeFile][] => {
    const first = firsts.get(nameOf(file));
    if (first === undefined) {
      firsts.set(nameOf(file), file);
      return [];
    }
    return [[first, file]];
  });
}

function brokenReferences(files: readonly KnowledgeFile[]): string[] {
  const documents = files.map(({ document }) => document);
  const briefs = documents.filter((document) => document.kind === 'brief');
  const rubrics = documents.filter((document) => document.kind === 'rubric');
  return files.flatMap(({ file, document }): string[] => {
    if (document.kind !== 'job') return [];
    const problems: string[] = [];
    if (!briefs.some(({ id }) => id === document.brief)) {
      problems.push(`${file}: brief: there is no brief "${document.brief}"; ${known(briefs)}.`);
    }
    for (const [field, scores] of [
      ['cv_rubric', 'cv'],
      ['project_rubric', 'project'],
    ] as const) {
      const rubric = rubrics.find(({ id }) => id === document[field]);
      if (rubric === undefined) {
        problems.push(
          `${file}: ${field}: there is no rubric "${document[field]}"; ${known(rubrics)}.`,
        );
      } else if (rubric.scores !== scores) {
        problems.push(
          `${file}: ${field}: the rubric "${rubric.id}" scores ${rubric.scores}, not ${scores}.`,
        );
      }
    }
    return problems;
  });
}

const known = (documents: readonly KnowledgeDocument[]): string =>
  documents.length === 0
    ? 'there are none'
    : `known are ${documents.map(({ id }) => `"${id}"`).join(', ')}`;
