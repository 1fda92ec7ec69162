import { describe, expect, it } from 'vitest';
import { formatMegabytes, formatProbability } from './format.js';
import { rampColour } from './ramp.js';

describe('formatProbability', () => {
  it('has two decimals', () => {
    expect(formatProbability(0.8712)).toBe('0.87');
    expect(formatProbability(0, 0.5)).toBe('0.00');
    expect(formatProbability(1, 0.5)).toBe('1.00');
  });

  it('never makes a value look like a threshold that it is not', () => {
    expect(formatProbability(0.4996, 0.5)).toBe('0.4996');
    expect(formatProbability(0.503, 0.5)).toBe('0.503');
    expect(formatProbability(0.5, 0.5)).toBe('0.50');
  });
});

describe('formatMegabytes', () => {
  it('counts millions in the reader’s language', () => {
    expect(formatMegabytes(9_840_000, 'en')).toBe('9.8');
    expect(formatMegabytes(12_345_678_901, 'en')).toBe('12,345.7');
  });
});

describe('rampColour', () => {
  const lightness = (probability: number): number => {
    const [r = 0, g = 0, b = 0] = rampColour(probability).match(/\d+/g)?.map(Number) ?? [];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };

  it('gets lighter with every step, so that it is in order for any colour vision', () => {
    const steps = Array.from({ length: 21 }, (_, i) => lightness(i / 20));
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(new Set(steps).size).toBe(21);
  });

  it('ends where the scale ends', () => {
    expect(rampColour(-1)).toBe(rampColour(0));
    expect(rampColour(2)).toBe(rampColour(1));
  });
});
