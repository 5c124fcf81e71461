import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createProgress } from './progress.ts';

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
});
