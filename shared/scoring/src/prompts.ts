import { readFileSync } from 'node:fs';
import { contentVersion } from '@berkas/service-kit';

export type Prompt = {
  /** `<name>@<hash of the content>`, as receipts name it. */
  readonly version: string;
  readonly text: string;
};

export type PromptName = 'cv-scoring' | 'project-scoring' | 'synthesis';

/** Reads a prompt of `prompts/`; any change to its words is another version. */
export function loadPrompt(name: PromptName): Prompt {
  const text = readFileSync(new URL(`../prompts/${name}.md`, import.meta.url), 'utf8');
  return { version: `${name}@${contentVersion(text)}`, text };
}
