import { describe, expect, it } from 'vitest';
import { planLanes } from './plan-lanes.js';

const GB = 1e9;
const SMALL = { parameters: 2e6, freeBytes: 8 * GB };
const VIT_L = { parameters: 300e6 };

describe('planLanes', () => {
  it.each([
    ['one film has all threads', { ...SMALL, threads: 4, films: 1 }, [4]],
    ['few films have them one after the other', { ...SMALL, threads: 4, films: 15 }, [4]],
    ['many films have one thread each', { ...SMALL, threads: 4, films: 32 }, [1, 1, 1, 1]],
    ['threads that are left over go to the first lanes', { ...SMALL, threads: 5, films: 24 }, [2, 2, 1]],
    ['one thread is one lane', { ...SMALL, threads: 1, films: 1000 }, [1]],
    [
      'a large model has as many lanes as fit into half of the memory',
      { ...VIT_L, freeBytes: 8 * GB, threads: 8, films: 1000 },
      [4, 4],
    ],
    ['and one lane where none would fit', { ...VIT_L, freeBytes: GB, threads: 8, films: 1000 }, [8]],
    ['no film still opens the model', { ...SMALL, threads: 2, films: 0 }, [2]],
  ])('%s', (_, work, threads) => {
    expect(planLanes(work)).toEqual(threads);
  });
});
