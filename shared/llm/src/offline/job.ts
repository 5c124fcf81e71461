import { keyConcepts } from './concepts.ts';
import { readDocument } from './document.ts';
import { findSkills } from './skills.ts';
import type { Skill, SkillCategory } from './skills-lexicon.ts';

export type AskedCategory = {
  readonly category: SkillCategory;
  /** Technologies named; empty when only the category is ("databases"). */
  readonly named: ReadonlySet<Skill>;
};

/** What a job asks for, read from its description. */
export type Job = {
  /** Whether it asks for technologies at all. */
  readonly isTechnical: boolean;
  readonly categories: readonly AskedCategory[];
  readonly named: ReadonlySet<Skill>;
  /** The words it uses most, translated and stemmed; what a job without technologies is matched on. */
  readonly concepts: readonly string[];
};

const LEAST_TECHNOLOGIES = 2;
const KEY_CONCEPTS = 30;

export function readJob(description: string): Job {
  const named = new Set<Skill>();
  const byCategory = new Map<SkillCategory, Set<Skill>>();
  for (const statement of readDocument(description).statements) {
    for (const { value: skill } of findSkills(statement.tokens)) {
      const asked = byCategory.get(skill.category) ?? new Set<Skill>();
      byCategory.set(skill.category, asked);
      if (skill.generic === true) continue;
      asked.add(skill);
      named.add(skill);
    }
  }
  return {
    isTechnical: named.size + byCategory.size > LEAST_TECHNOLOGIES,
    categories: [...byCategory].map(([category, skills]) => ({ category, named: skills })),
    named,
    concepts: keyConcepts(description, KEY_CONCEPTS),
  };
}
