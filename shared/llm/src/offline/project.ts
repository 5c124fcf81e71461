import { conceptsOf, keyConcepts } from './concepts.ts';
import { readDocument, type Statement } from './document.ts';
import { createSignalFinder, createWordTest, type Hit } from './signals.ts';
import { CRITERIA } from './signals-project.ts';

export type Project = {
  readonly statements: readonly Statement[];
  /**
   * Share of the brief's main words that the report uses, 0 to 1, translated and stemmed;
   * undefined when there is no brief to compare with.
   */
  readonly topicality: number | undefined;
  /** Whether the brief or the rubric asks for prompts, chaining or retrieval at all. */
  readonly briefAsksForModels: boolean;
  /** How many of these three the report shows. */
  readonly centralParts: number;
};

const KEY_CONCEPTS = 40;
const SHORTEST_BRIEF_CONCEPTS = 8;
const correctness = CRITERIA.get('correctness');
const findCentralParts = createSignalFinder(
  (correctness?.groups ?? []).filter(({ name }) => correctness?.core.includes(name) === true),
);
const speaksOfModels =
  createWordTest(`llm, llms, language model*, model bahasa, openai, gpt, gpt 3, gpt 4, gpt 4o, chatgpt, anthropic, claude, gemini, rag, ai, langchain, embeddings, embedding,
  vector database*, prompt engineering, prompt design`);

export function readProject(text: string, brief: string, lookedAt: string): Project {
  const { statements } = readDocument(text);
  return {
    statements,
    topicality: topicalityOf(statements, brief),
    briefAsksForModels: countCentralParts(readDocument(`${brief}\n${lookedAt}`).statements) > 0,
    centralParts: countCentralParts(statements),
  };
}

/** In a report that nowhere speaks of models, "prompt", "chain" and "chunk" are everyday words. */
const EVERYDAY = new Set(
  'chain chaining chained prompt prompts similarity retrieve retrieves retrieved retrieval embedded chunk chunks chunked refinement rantai potongan merangkum'.split(
    ' ',
  ),
);

function countCentralParts(statements: readonly Statement[]): number {
  const isAboutModels = statements.some(({ tokens }) => speaksOfModels(tokens));
  const shown = findCentralParts(statements).shown.filter(
    (hit) => isAboutModels || isSpecific(hit),
  );
  return new Set(shown.map(({ group }) => group.name)).size;
}

function isSpecific({ statement, from, to }: Hit): boolean {
  const words = statement.tokens.slice(from, to);
  return words.length > 1 || !EVERYDAY.has(words[0]?.word ?? '');
}

function topicalityOf(statements: readonly Statement[], brief: string): number | undefined {
  const wanted = keyConcepts(brief, KEY_CONCEPTS);
  if (wanted.length < SHORTEST_BRIEF_CONCEPTS) return undefined;
  const used = new Set(statements.flatMap((statement) => conceptsOf(statement.text)));
  return wanted.filter((concept) => used.has(concept)).length / wanted.length;
}
