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
  cloud engineer, qa engineer, test engineer, tech lead, technical lead, engineering manager, cto, it engineer, system analyst,
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

const hasBuildVerb =
  createWordTest(`built, build, building, developed, develop, developing, implemented, programmed, wrote, created, coded, maintained,
  membangun, mengembangkan, mengimplementasikan, memprogram, menulis, membuat, memelihara`);
const speaksOfSoftwareThing =
  createWordTest(`application*, app, apps, api, apis, website*, web, system, systems, platform, service, services, backend, module*, feature*,
  script*, bot, bots, tool, tools, data, database*, query, queries, code, pipeline*, test*, automation, automat*, server*, kode, kueri, otomatis*, aplikasi, situs, laman, sistem, layanan, modul, fitur, skrip`);

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
    weight: weightOf(draft, relevant),
  };
}

function weightOf(draft: Draft, relevant: ReadonlySet<Engagement>): number {
  const { engagement, section, tokens } = draft;
  if (engagement?.kind === 'employment') {
    if (relevant.has(engagement)) return USED_IN_WORK;
    return isListing(draft) ? LISTED : USED_UNDATED;
  }
  if (engagement?.kind === 'project' || section === 'projects') return USED_IN_PROJECT;
  if (section === 'experience') return USED_UNDATED;
  if (section === 'education' || section === 'training' || engagement?.kind === 'education') {
    return STUDIED;
  }
  if (section === 'interests' || section === 'languages') return ASIDE;
  if (section === 'skills') return LISTED;
  return hasActionVerb(tokens) && !isListing(draft) ? USED_UNDATED : LISTED;
}

const LEAST_LISTED = 3;
const LISTED_SHARE = 0.5;

/** Names of technologies one after the other, of which nothing is said. */
export function isListing({ skills, tokens }: Pick<Draft, 'skills' | 'tokens'>): boolean {
  if (skills.length < LEAST_LISTED) return false;
  const named = skills.reduce((sum, { from, to }) => sum + to - from, 0);
  return named >= LISTED_SHARE * tokens.length;
}

/**
 * Dated work counts when it says that it was software work, or uses several technologies of the
 * kinds the job asks for, or builds something of software with one that it names; for a job without
 * technologies, when it shares the job's words. A list of technologies under work that nothing else
 * ties to software, and the one club or spreadsheet script of another trade, make none of it.
 */
function isRelevant(engagement: Engagement, said: readonly Draft[], job: Job): boolean {
  const header = tokenise(engagement.header);
  const words = said.map((draft) => draft.text).join('\n');
  if (!job.isTechnical) return sharesConcepts(`${engagement.header}\n${words}`, job, 3);
  if (speaksOfSoftwareWork(header) && !isOtherTrade(header)) return true;
  if (said.some((draft) => speaksOfSoftwareProduct(affirmed(draft)))) return true;
  const told = said.filter((draft) => !isListing(draft) && tellsOfSoftware(draft));
  const technologies = new Set(told.flatMap((draft) => technologiesOf(draft)));
  const asked = new Set(job.categories.map(({ category }) => category));
  return (
    [...technologies].filter((skill) => asked.has(skill.category)).length >= LEAST_TECHNOLOGIES ||
    told.some((draft) => buildsSoftware(draft, job))
  );
}

const LEAST_TECHNOLOGIES = 2;

/** In words of its own, not in the names of the technologies. */
function tellsOfSoftware({ skills, tokens }: Draft): boolean {
  const own = tokens.filter((_, index) =>
    skills.every(({ from, to }) => index < from || index >= to),
  );
  return hasBuildVerb(own) || speaksOfSoftwareThing(own);
}

const technologiesOf = ({ skills }: Draft): Skill[] =>
  skills.flatMap(({ value }) => (value.generic === true ? [] : [value]));

function buildsSoftware(draft: Draft, job: Job): boolean {
  return (
    technologiesOf(draft).some((skill) => job.named.has(skill)) &&
    hasBuildVerb(draft.tokens) &&
    speaksOfSoftwareThing(draft.tokens)
  );
}

function affirmed(draft: Draft): Draft['tokens'] {
  return draft.tokens.filter((_, index) => draft.negated[index] !== true);
}

function sharesConcepts(text: string, job: Job, least: number): boolean {
  const concepts = new Set(conceptsOf(text));
  return job.concepts.filter((concept) => concepts.has(concept)).length >= least;
}
