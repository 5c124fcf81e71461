import type { KnowledgeDocument } from '@berkas/contracts';
import { cutIntoPassages, type TextPassage } from '@berkas/scoring';

/** Knowledge as passages: prose as any document is cut, a rubric one passage a parameter. */
export function knowledgePassages(document: KnowledgeDocument): TextPassage[] {
  if (document.kind !== 'rubric') return cutIntoPassages([{ number: 1, text: document.text }]);
  return document.parameters.flatMap(({ label, looks_at, guide }) => {
    const scores = Object.entries(guide).map(([score, meaning]) => `${score}: ${meaning}`);
    return cutIntoPassages([{ number: 1, text: [label, looks_at, ...scores].join('\n') }]);
  });
}
