import { scoreAchievements } from './cv-achievements.ts';
import { scoreCollaboration } from './cv-collaboration.ts';
import { scoreExperience } from './cv-experience.ts';
import { scoreTechnicalSkills } from './cv-skills.ts';
import { readCv } from './cv.ts';
import type { Month } from './dates.ts';
import { writeFeedback } from './feedback.ts';
import { scoreByOwnWords } from './generic-rule.ts';
import { readJob } from './job.ts';
import { scoreProjectCriterion } from './project-rules.ts';
import { readProject } from './project.ts';
import type { Rubric, RubricParameter } from './rubric.ts';
import { CRITERIA } from './signals-project.ts';
import type { Verdict } from './verdict.ts';

export type ScoringAnswer = {
  readonly parameters: Record<string, Verdict>;
  readonly feedback: string;
};

export type ScoringTask = {
  readonly rubric: Rubric;
  /** Of the job, or the case-study brief. */
  readonly yardstick: string;
  readonly document: string;
  /** What "present" means in a CV. */
  readonly referenceMonth: Month;
};

/** Each parameter of the rubric, by rules. Same task, same answer. */
export function scoreDocument(task: ScoringTask): ScoringAnswer {
  const score = task.rubric.scores === 'cv' ? cvScorer(task) : projectScorer(task);
  const verdicts = task.rubric.parameters.map((parameter) => ({
    parameter,
    verdict: score(parameter),
  }));
  return {
    parameters: Object.fromEntries(
      verdicts.map(({ parameter, verdict }) => [parameter.id, verdict]),
    ),
    feedback: writeFeedback(task.rubric.scores, verdicts),
  };
}

type Scorer = (parameter: RubricParameter) => Verdict;

function cvScorer({ rubric, yardstick, document, referenceMonth }: ScoringTask): Scorer {
  const skillsLookedAt = rubric.parameters.find(
    ({ id }) => id === 'technical_skills_match',
  )?.looks_at;
  const job = readJob(yardstick.trim() === '' ? (skillsLookedAt ?? '') : yardstick);
  const cv = readCv(document, job, referenceMonth);
  return (parameter) => {
    switch (parameter.id) {
      case 'technical_skills_match':
        return scoreTechnicalSkills(cv, job);
      case 'experience_level':
        return scoreExperience(cv, job);
      case 'relevant_achievements':
        return scoreAchievements(cv, job);
      case 'cultural_collaboration_fit':
        return scoreCollaboration(cv);
      default:
        return scoreByOwnWords(parameter, cv.statements);
    }
  };
}

function projectScorer({ rubric, yardstick, document }: ScoringTask): Scorer {
  const lookedAt = rubric.parameters.map((parameter) => parameter.looks_at).join('\n');
  const project = readProject(document, yardstick, lookedAt);
  return (parameter) => {
    const criterion = CRITERIA.get(parameter.id);
    // The rule for correctness looks for prompts, chaining and retrieval. Where a company's own
    // brief has nothing to do with them, the words of its rubric are the measure.
    const isOfOtherKind = parameter.id === 'correctness' && !project.briefAsksForModels;
    return criterion === undefined || isOfOtherKind
      ? scoreByOwnWords(parameter, project.statements)
      : scoreProjectCriterion(parameter.id, criterion, project);
  };
}
