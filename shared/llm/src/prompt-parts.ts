import { createHash } from 'node:crypto';

/**
 * A prompt whose parts are delimited. Each delimiter carries a boundary that is derived from all of
 * the content, so no text inside can forge one: it would have to contain its own hash.
 */
export type PromptPart = {
  /** Such as `rubric`, `job_description`, `document`, `evaluations`. Lower-case and underscores. */
  readonly name: string;
  readonly content: string;
};

const PART =
  /<part name="([a-z_]+)" boundary="([0-9a-f]{16})">\n([\s\S]*?)\n<\/part boundary="\2">/g;

export function renderParts(parts: readonly PromptPart[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.name}\0${part.content}\0`);
  const boundary = hash.digest('hex').slice(0, 16);
  return parts
    .map(
      (part) =>
        `<part name="${part.name}" boundary="${boundary}">\n${part.content}\n</part boundary="${boundary}">`,
    )
    .join('\n\n');
}

/** The parts of a rendered prompt, in order; text outside of parts is ignored. */
export function parseParts(prompt: string): PromptPart[] {
  const first = /<part name="[a-z_]+" boundary="([0-9a-f]{16})">/.exec(prompt)?.[1];
  return [...prompt.matchAll(PART)]
    .filter((match) => match[2] === first)
    .map((match) => ({ name: match[1] ?? '', content: match[3] ?? '' }));
}
