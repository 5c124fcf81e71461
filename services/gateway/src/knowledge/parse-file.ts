import { Brief, Job, Rubric, type KnowledgeDocument, type KnowledgeKind } from '@berkas/contracts';
import { parseDocument } from 'yaml';

export type ParsedFile =
  | { readonly ok: true; readonly document: KnowledgeDocument }
  /** Each names the field it is about, where there is one. */
  | { readonly ok: false; readonly problems: readonly string[] };

const SCHEMAS = { job: Job, brief: Brief, rubric: Rubric } as const;

/** Reads one knowledge file: YAML for a rubric, Markdown with YAML front matter for the others. */
export function parseKnowledgeFile(kind: KnowledgeKind, content: string): ParsedFile {
  // Editors on Windows write a byte order mark and CRLF: neither is content.
  const text = content.replace(/^\ufeff/u, '').replace(/\r\n?/gu, '\n');
  const parts = kind === 'rubric' ? { yaml: text, body: undefined } : splitFrontMatter(text);
  if (parts === undefined) {
    return failed('must begin with YAML front matter between two lines that hold --- alone.');
  }
  const yaml = parseDocument(parts.yaml, { prettyErrors: false });
  if (yaml.errors.length > 0) {
    return { ok: false, problems: yaml.errors.map((error) => `YAML: ${error.message}`) };
  }
  const fields: unknown = yaml.toJS();
  if (fields === null || typeof fields !== 'object' || Array.isArray(fields)) {
    return failed('YAML: must be a mapping of fields to values.');
  }
  const body = parts.body === undefined ? {} : { text: parts.body };
  const parsed = SCHEMAS[kind].safeParse({ ...fields, ...body, kind });
  if (parsed.success) return { ok: true, document: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.map(
      ({ path, message }) => `${path.map(String).join('.')}: ${message}`,
    ),
  };
}

const failed = (problem: string): ParsedFile => ({ ok: false, problems: [problem] });

function splitFrontMatter(text: string): { yaml: string; body: string } | undefined {
  const match = /^---[ \t]*\n(?<yaml>.*?)^---[ \t]*(?:\n(?<body>.*))?$/msu.exec(text);
  const { yaml, body } = match?.groups ?? {};
  return match?.index === 0 && yaml !== undefined ? { yaml, body: (body ?? '').trim() } : undefined;
}
