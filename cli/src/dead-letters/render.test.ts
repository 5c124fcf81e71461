import { describe, expect, it } from '@jest/globals';
import type { DeadLetterDetail, DeadLetterSummary } from '@berkas/contracts';
import { ageOf, renderLetter, renderList } from './render.ts';

const nowMs = Date.parse('2025-01-15T12:00:00.000Z');
const summary: DeadLetterSummary = {
  id: `dl_${'1'.repeat(24)}`,
  state: 'open',
  group: 'cv-evaluator',
  topic: 'berkas.evaluation-prepared.v1',
  type: 'evaluation-prepared',
  evaluationId: 'eval_0123456789abcdef01234567',
  code: 'model_rejected_request',
  reason: 'ModelError: The model refused.',
  attempts: 8,
  at: '2025-01-15T09:00:00.000Z',
};
const detail: DeadLetterDetail = {
  ...summary,
  partition: 3,
  offset: '42',
  key: 'eval_0123456789abcdef01234567',
  stack: '    at one (model.js:1:1)\n    at two (model.js:2:2)',
  headers: { ce_id: 'the id' },
  event: { evaluationId: 'eval_0123456789abcdef01234567', run: 'live' },
};

describe('a list of dead letters', () => {
  it('tells of each what, about what, why, how often and since when, the oldest first', () => {
    const older = {
      ...summary,
      id: `dl_${'2'.repeat(24)}`,
      at: '2025-01-12T09:00:00.000Z',
      evaluationId: undefined,
      documentId: 'doc_0123456789abcdef01234567',
    };
    const text = renderList([summary, older], { columns: 100, nowMs });
    for (const part of ['cv-evaluator', 'evaluation-prepared', ' 8 ', '3 h', '3 d']) {
      expect(text).toContain(part);
    }
    expect(text.indexOf(older.documentId)).toBeGreaterThan(0);
    expect(text.indexOf(older.id)).toBeLessThan(text.indexOf(summary.id));
    expect(text).toContain(summary.evaluationId);
  });

  it.each([0, 100, 140, 500])('loses nothing of an id or a code at %d columns', (columns) => {
    const text = renderList([summary], { columns, nowMs });
    expect(text).toContain(summary.id);
    expect(text).toContain(summary.evaluationId);
    const lines = text.split('\n');
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines[0]?.length).toBe(columns === 0 ? 100 : Math.min(columns, 140));
    expect(text).not.toContain('…');
  });
});

describe('one dead letter', () => {
  it('is shown with reason, stack, headers and event', () => {
    const text = renderLetter({ ...detail, unannounced: 'disk_full' }, { nowMs });
    expect(text).toContain('Tries     8');
    expect(text).toContain('2025-01-15T09:00:00.000Z (3 h ago)');
    expect(text).toContain('Reason    ModelError: The model refused.');
    expect(text).toContain('    at one (model.js:1:1)\n    at two (model.js:2:2)');
    expect(text).toContain('  ce_id: the id');
    expect(text).toContain('  "run": "live"');
    expect(text).toContain('disk_full');
  });

  it('cannot steer the terminal, whatever its event holds', () => {
    const evil = '\u001B]0;title\u0007\u009B2J\r';
    const text = renderLetter(
      { ...detail, reason: evil, headers: { [evil]: evil }, stack: evil, key: evil, event: evil },
      { nowMs },
    );
    expect(text.replace(/\u001B\[\d+m/g, '')).not.toMatch(
      /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/,
    );
  });
});

it.each([
  ['2025-01-15T12:00:01.000Z', '0 s'],
  ['2025-01-15T11:59:01.000Z', '59 s'],
  ['2025-01-15T11:00:01.000Z', '59 min'],
  ['2025-01-14T12:00:01.000Z', '23 h'],
  ['2025-01-05T12:00:00.000Z', '10 d'],
])('the age of %s is %s', (at, age) => {
  expect(ageOf(at, nowMs)).toBe(age);
});
