import { describe, expect, it } from 'vitest';
import { duration, startProgress } from './progress.js';

/** A stream and a clock that the test moves. */
function setUp(isTTY: boolean) {
  const written: string[] = [];
  const clock = { now: 0 };
  return { written, clock, stream: { isTTY, write: (text: string) => written.push(text) }, now: () => clock.now };
}

describe('progress', () => {
  it('writes a line in ten seconds into a log, with the time left', () => {
    const { written, clock, stream, now } = setUp(false);
    const progress = startProgress(100, stream, now);
    for (let i = 0; i < 50; i++) {
      clock.now += 1000;
      progress.step();
    }
    progress.end();
    expect(written).toHaveLength(5);
    expect(written[0]).toBe('10 of 100 films, 1.0 films/s, 1 min 30 s left\n');
    expect(written[4]).toBe('50 of 100 films, 1.0 films/s, 50 s left\n');
  });

  it('writes one line over and over in a terminal, and takes it away', () => {
    const { written, clock, stream, now } = setUp(true);
    const progress = startProgress(undefined, stream, now);
    for (let i = 0; i < 10; i++) {
      clock.now += 100;
      progress.step();
    }
    progress.end();
    expect(written).toHaveLength(6);
    expect(written[0]).toBe('\r\x1b[K2 films, 10.0 films/s');
    expect(written.at(-1)).toBe('\r\x1b[K');
  });

  it('says nothing of a run that is over at once', () => {
    const { written, stream, now } = setUp(false);
    const progress = startProgress(1, stream, now);
    progress.step();
    progress.end();
    expect(written).toEqual([]);
  });

  it.each([
    [900, '1 s'],
    [59_000, '59 s'],
    [185_000, '3 min 05 s'],
    [7_860_000, '2 h 11 min'],
  ])('says %d ms as %s', (ms, text) => expect(duration(ms)).toBe(text));
});
