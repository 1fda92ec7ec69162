import { describe, expect, it } from 'vitest';
import { checkEvaluation, parseEvaluation } from './evaluation.js';

const SHA = '0f'.repeat(32);
const line = {
  n: { normal: 40, abnormal: 60 },
  auroc: { value: 0.87, low: 0.8, high: 0.92 },
  pack: { name: 'mine', version: '1.0.0', sha256: SHA },
  app: 'ppad-web 0.1.0',
  date: '2026-11-24T12:34:56.789Z',
  failed: [],
};

describe('an evaluation', () => {
  it('is read from the line that evaluate prints', () => {
    const read = parseEvaluation(JSON.stringify(line), SHA);
    expect(read).toEqual({ normal: 40, abnormal: 60, auroc: 0.87, date: line.date });
    expect(checkEvaluation(read)).toEqual(read);
  });

  it.each([
    ['another pack', { pack: { sha256: 'ff'.repeat(32) } }, 'pack.sha256'],
    ['no AUROC, for want of films', { auroc: null }, 'auroc'],
    ['an AUROC above 1', { auroc: { value: 1.2 } }, 'auroc.value'],
    ['no abnormal film', { n: { normal: 4, abnormal: 0 } }, 'n.abnormal'],
    ['half a film', { n: { normal: 0.5, abnormal: 1 } }, 'n.normal'],
    ['a date that is none', { date: 'yesterday' }, 'date'],
  ])('of %s is refused by its field', (_, change, field) => {
    expect(() => parseEvaluation(JSON.stringify({ ...line, ...change }), SHA)).toThrowError(
      expect.objectContaining({ code: 'RESULT_INVALID', detail: { field } }) as Error,
    );
  });

  it.each(['', '{', '[]', '7', `"${'x'.repeat(2_000_000)}"`])('is not %.10j', (text) => {
    expect(() => parseEvaluation(text, SHA)).toThrowError(expect.objectContaining({ code: 'RESULT_INVALID' }) as Error);
  });
});
