import { expect, it } from 'vitest';
import { createI18n } from '../i18n/index.js';
import { timeLeft } from './time-left.js';

it.each([
  [4_000, 'a few seconds left'],
  [10_000, 'about 10 s left'],
  [31_000, 'about 40 s left'],
  [60_000, 'about 1 min left'],
  [150_000, 'about 3 min left'],
  [2 * 3_600_000, 'about 2 h left'],
])('%i ms are told as "%s"', (ms, words) => {
  expect(timeLeft(createI18n('en').t, ms)).toBe(words);
});
