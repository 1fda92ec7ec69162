import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../state/settings-slice.js';
import { createI18n } from './index.js';
import { en } from './en.js';
import { zh } from './zh.js';

/** Every sentence of a language, by its key. */
function sentences(words: object, path = ''): [key: string, text: string][] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string' ? [[`${path}${key}`, value] as [string, string]] : sentences(value as object, `${path}${key}.`),
  );
}

const placeholders = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();

describe('the words of the page', () => {
  it('fill in the same facts in both languages', () => {
    const chinese = new Map(sentences(zh));
    const differing = sentences(en).filter(
      ([key, text]) => placeholders(text).join() !== placeholders(chinese.get(key) ?? '').join(),
    );
    expect(differing).toEqual([]);
  });

  it('are nowhere empty, and Chinese where they should be', () => {
    expect([...sentences(en), ...sentences(zh)].filter(([, text]) => text.trim() === '')).toEqual([]);
    const untranslated = sentences(zh).filter(
      ([, text]) => !/[\u4e00-\u9fff]/.test(text) && /[a-z]{4}/.test(text.replaceAll(/\{\{.*?\}\}/g, '')),
    );
    expect(untranslated.map(([key]) => key)).toEqual(['app.language']);
  });

  it('never pass judgement on the patient', () => {
    const judging = /\b(normal|abnormal|healthy|disease|diagnos\w*|patholog\w*|sick)\b|正常|异常|健康|疾病|诊断|病变/i;
    const found = [...sentences(en), ...sentences(zh)].filter(([, text]) => judging.test(text));
    // But for the sentence that says what it is not for.
    expect(found.map(([key]) => key)).toEqual(['report.researchUse', 'report.researchUse']);
  });

  it.each(LANGUAGES)('come in %s without a wait', (language) => {
    const { t } = createI18n(language);
    const words = { en, zh }[language];
    expect(t('errors.TRUNCATED.title')).toBe(words.errors.TRUNCATED.title);
    expect(t('list.toggle', { count: 9 })).toBe(words.list.toggle_other.replace('{{count}}', '9'));
  });
});
