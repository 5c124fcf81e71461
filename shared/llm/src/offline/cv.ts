import { conceptsOf } from './concepts.ts';
import type { Month } from './dates.ts';
import { readDocument, type Statement } from './document.ts';
import { findEngagements, type Engagement } from './engagements.ts';
import type { Job } from './job.ts';
import { createWordTest } from './signals.ts';
import { findAffirmedSkills, type SkillMention } from './skills.ts';
import type { Skill } from './skills-lexicon.ts';
import { tokenise } from './text.ts';

/** A statement of a CV and where it stands in the candidate's life. */
export type CvStatement = Statement & {
  readonly skills: readonly SkillMention[];
  readonly engagement: Engagement | undefined;
  /** Whether it stands in dated work that has to do with the job; undefined outside of dated work. */
  readonly inRelevantWork: boolean | undefined;
  /** How much a skill said here weighs, 0 to 1: used in dated work, in a project, in a list. */
  readonly weight: number;
};

export type Cv = {
  readonly statements: readonly CvStatement[];
  readonly employment: readonly Engagement[];
  readonly relevantEmployment: readonly Engagement[];
};

/** What a mention weighs by where it stands. A bare list says less than work that used it. */
export const USED_IN_WORK = 1;
const USED_IN_PROJECT = 0.85;
const USED_UNDATED = 0.7;
const LISTED = 0.5;
const STUDIED = 0.45;
const ASIDE = 0.2;

const speaksOfSoftwareWork =
  createWordTest(`software, backend, back end, frontend, front end, full stack, fullstack, developer, web developer, mobile developer,
  programmer, programer, devops, sre, site reliability, data engineer, data scientist, machine learning, ml engineer, ai engineer, platform engineer,
  cloud engineer, qa engineer, test engineer, tech lead, technical lead, engineering manager, cto, it intern, it staff, staf it, it support, it engineer, system analyst,
  systems engineer, analis sistem, pengembang, pengembang perangkat lunak, perangkat lunak, insinyur perangkat lunak, rekayasa perangkat lunak, engineering lead,
  principal engineer, staff engineer, solutions architect, software architect, database administrator, web programmer, product engineer`);
const isOtherTrade = createWordTest(
  'property developer, business developer, business development, curriculum developer, real estate, land developer, pengembang properti, pengembang bisnis',
);
const speaksOfSoftwareProduct =
  createWordTest(`software engineer*, web application*, aplikasi web, rest api, rest apis, microservice*, source code, codebase,
  kode sumber, backend, back end, unit test*, software development, pengembangan perangkat lunak, mobile app*, aplikasi mobile, web service*`);
export const hasActionVerb =
  createWordTest(`built, build, building, developed, develop, developing, designed, design, designing, implemented, implement, implementing,
  created, wrote, led, migrated, maintained, maintain, deployed, integrated, optimized, optimised, automated, architected, shipped, launched, delivered,
  refactored, used, using, membangun, mengembangkan, merancang, membuat, mengimplementasikan, menulis, memimpin, memelihara, mengintegrasikan,
  mengoptimalkan, mengotomatisasi, menggunakan, merilis, memigrasikan, mengelola, menerapkan`);

export function readCv(text: string, job: Job, referenceMonth: Month): Cv {
  const document = readDocument(text);
  const engagements = findEngagements(document, referenceMonth);
  const byLine = new Map<number, Engagement>();
  for (const engagement of engagements) {
    for (let line = engagement.fromLine; line < engagement.toLine; line += 1) {
      byLine.set(line, engagement);
    }
  }
  const drafts = document.statements.map((statement) => ({
    ...statement,
    skills: findAffirmedSkills(statement),
    engagement: byLine.get(statement.line),
  }));
  const employment = engagements.filter(({ kind }) => kind === 'employment');
  const said = new Map<Engagement, Draft[]>();
  for (const draft of drafts) {
    if (draft.engagement === undefined) continue;
    const sameWork = said.get(draft.engagement);
    if (sameWork === undefined) said.set(draft.engagement, [draft]);
    else sameWork.push(draft);
  }
  // Two ranges of one line share their lines, of which the map above keeps the last.
  const relevant = new Set(
    employment.filter((engagement) =>
      isRelevant(engagement, said.get(byLine.get(engagement.dateLine) ?? engagement) ?? [], job),
    ),
  );
  return {
    statements: drafts.map((draft) => place(draft, relevant)),
    employment,
    relevantEmployment: employment.filter((engagement) => relevant.has(engagement)),
  };
}

type Draft = Statement & {
  readonly skills: readonly SkillMention[];
  readonly engagement: Engagement | undefined;
};

function place(draft: Draft, relevant: ReadonlySet<Engagement>): CvStatement {
  const { engagement } = draft;
  const isWork = engagement?.kind === 'employment';
  return {
    ...draft,
    inRelevantWork: isWork ? relevant.has(engagement) : undefined,
    weight: weightOf(draft),
  };
}

function weightOf({ engagement, section, tokens }: Draft): number {
  if (engagement?.kind === 'employment') return USED_IN_WORK;
  if (engagement?.kind === 'project' || section === 'projects') return USED_IN_PROJECT;
  if (section === 'experience') return USED_UNDATED;
  if (section === 'education' || section === 'training' || engagement?.kind === 'education') {
    return STUDIED;
  }
  if (section === 'interests' || section === 'languages') return ASIDE;
  if (section === 'skills') return LISTED;
  return hasActionVerb(tokens) ? USED_UNDATED : LISTED;
}

/**
 * Dated work counts when it shows the job's skills, others of the kinds the job asks for, or says
 * it was software work; for a job without technologies, when it shares the job's words.
 */
function isRelevant(engagement: Engagement, said: readonly Draft[], job: Job): boolean {
  const header = tokenise(engagement.header);
  const words = said.map((draft) => draft.text).join('\n');
  if (!job.isTechnical) return sharesConcepts(`${engagement.header}\n${words}`, job, 3);
  if (speaksOfSoftwareWork(header) && !isOtherTrade(header)) return true;
  if (said.some((draft) => speaksOfSoftwareProduct(affirmed(draft)))) return true;
  const skills = new Set<Skill>(said.flatMap((draft) => draft.skills.map(({ value }) => value)));
  const technologies = [...skills].filter((skill) => skill.generic !== true);
  const asked = new Set(job.categories.map(({ category }) => category));
  return (
    technologies.some((skill) => job.named.has(skill)) ||
    technologies.filter((skill) => asked.has(skill.category)).length >= 2
  );
}

function affirmed(draft: Draft): Draft['tokens'] {
  return draft.tokens.filter((_, index) => draft.negated[index] !== true);
}

function sharesConcepts(text: string, job: Job, least: number): boolean {
  const concepts = new Set(conceptsOf(text));
  return job.concepts.filter((concept) => concepts.has(concept)).length >= least;
}
