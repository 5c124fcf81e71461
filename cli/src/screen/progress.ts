import type { ResultResponse, StageProgress } from '@berkas/contracts';
import ora from 'ora';

/** Shows what is being done: one line that changes on a terminal, a line a step elsewhere. */
export interface Progress {
  step(text: string): void;
  done(text: string): void;
  fail(text: string): void;
  /** Ends it wherever it is: a spinner that is left turning keeps the process from ending. */
  stop(): void;
}

export function createProgress(stream: NodeJS.WriteStream): Progress {
  // A terminal that does not know its width says 0, and a spinner would clear lines without end.
  if (!stream.isTTY || !(stream.columns > 0)) {
    const line = (text: string): void => void stream.write(`${text}\n`);
    return { step: line, done: line, fail: line, stop: () => undefined };
  }
  const spinner = ora({ stream, discardStdin: false, isEnabled: true });
  let current = '';
  const next = (text: string): void => {
    // A step that is held up, or goes on, is still the same step: it is not done.
    if (current !== '' && stepOf(text) === stepOf(current)) spinner.text = text;
    else {
      if (current !== '') spinner.succeed(stepOf(current));
      spinner.start(text);
    }
    current = text;
  };
  return {
    step: next,
    done: (text) => {
      next(text);
      spinner.succeed(text);
      current = '';
    },
    fail: (text) => {
      if (current === '') spinner.start();
      spinner.fail(text);
      current = '';
    },
    stop: () => {
      if (current !== '') spinner.fail(current);
      current = '';
    },
  };
}

/** Between a step and what holds it up. */
const HELD_UP_BY = '. ';
const stepOf = (text: string): string => text.split(HELD_UP_BY)[0] ?? text;

const WAITING: Record<StageProgress['waiting_for'][number], string> = {
  cv: 'the CV',
  project_report: 'the project report',
  cv_scores: 'the CV',
  project_scores: 'the project report',
  summary: 'the summary',
};

const VERBS: Record<StageProgress['name'], string> = {
  reading: 'Reading',
  scoring: 'Scoring',
  summarizing: 'Writing',
};

/**
 * Such as "Scoring the CV and the project report", and what holds it up where something does; nothing
 * once it has ended.
 */
export function describeStage(response: ResultResponse): string | undefined {
  if (response.status === 'completed' || response.status === 'failed') return undefined;
  const { name, waiting_for, held_up } = response.stage;
  const what = waiting_for.map((item) => WAITING[item]).join(' and ');
  const step = what === '' ? `${VERBS[name]} …` : `${VERBS[name]} ${what}`;
  const [first] = held_up;
  return first === undefined ? step : `${step}${HELD_UP_BY}${first.detail}`;
}
