import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { StageProgress } from '@berkas/contracts';
import { createProgress, describeStage } from './progress.ts';

/** A terminal of so many columns, and what was written to it. */
function terminal(columns: number) {
  const stream = Object.assign(new PassThrough(), {
    isTTY: true,
    columns,
    cursorTo: () => true,
    moveCursor: () => true,
    clearLine: () => true,
    getColorDepth: () => 1,
    hasColors: () => false,
  });
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    written: () => String(stream.read() ?? ''),
  };
}

describe('The progress of a screening', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is a line a step where the terminal does not know its width', () => {
    const { stream, written } = terminal(0);
    const progress = createProgress(stream);
    progress.step('Uploading');
    progress.step('Scoring');
    progress.stop();
    expect(written()).toBe('Uploading\nScoring\n');
  });

  it('leaves no spinner turning when it is stopped in the middle of a step', () => {
    const { stream, written } = terminal(80);
    const progress = createProgress(stream);
    progress.step('Uploading');
    expect(jest.getTimerCount()).toBe(1);
    progress.stop();
    expect(jest.getTimerCount()).toBe(0);
    expect(written()).toMatch(/Uploading\n$/);
  });

  it('writes nothing more when it is stopped after its end', () => {
    const { stream, written } = terminal(80);
    const progress = createProgress(stream);
    progress.step('Scoring');
    progress.done('Completed');
    written();
    progress.stop();
    expect(written()).toBe('');
  });

  it('does not call a step done that is only held up, or goes on', () => {
    const { stream, written } = terminal(80);
    const progress = createProgress(stream);
    progress.step('Scoring the CV');
    progress.step('Scoring the CV. MinIO does not answer.');
    progress.step('Scoring the CV');
    expect(written()).not.toContain('✔');
    progress.step('Writing the summary');
    expect(written()).toMatch(/✔.* Scoring the CV\n/);
    progress.stop();
  });
});

describe('A stage in words', () => {
  const stage: StageProgress = {
    name: 'scoring',
    waiting_for: ['cv_scores', 'project_scores'],
    since: '2025-01-15T09:30:00.000Z',
    held_up: [],
  };
  const say = (held_up: StageProgress['held_up']) =>
    describeStage({
      id: 'eval_5b0e7f3a9c2d41e8867f0a1b',
      job_title: 'Backend',
      requested_at: stage.since,
      updated_at: stage.since,
      status: 'processing',
      stage: { ...stage, held_up },
    });

  it('names what is worked on, and the first thing that holds it up', () => {
    expect(say([])).toBe('Scoring the CV and the project report');
    const [service, since] = ['cv-evaluator', stage.since];
    expect(
      say([
        { service, since, reason: 'dependency_away', detail: 'MinIO does not answer.' },
        { service: 'status', since, reason: 'service_away', detail: 'Nobody is there.' },
      ]),
    ).toBe('Scoring the CV and the project report. MinIO does not answer.');
  });
});
