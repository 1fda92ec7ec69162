import { describe, it } from 'vitest';
import { FOLDERS, REFERENCE_IS_THERE } from '../core/graph/testing/reference.js';
import {
  checkOtherClasses,
  checkpointOf,
  checkScores,
  checkZeroShot,
  FILMS,
  score,
} from '../engine/testing/checkpoint-parity.js';

const CASES = FOLDERS.flatMap((folder) =>
  (['native', 'wasm-single', 'wasm'] as const).flatMap((backend) =>
    (['float32', 'float16'] as const).map((storage) => [folder, backend, storage] as const),
  ),
);

describe.skipIf(!REFERENCE_IS_THERE)('parity of every folder (skipped where ../shared/reference is absent)', () => {
  it.each(CASES)('%s on %s, %s weights', async (folder, backend, storage) => {
    const share = checkScores(folder, await score(checkpointOf(folder), FILMS, backend, '--storage', storage), storage);
    process.stdout.write(
      `${folder} ${backend} ${storage}: the worst logit is off by ${(100 * share).toFixed(2)} % of its tolerance\n`,
    );
  });

  it.each(FOLDERS)('%s with other class words, and without its prompts', async (folder) => {
    const [clip, ...prompts] = checkpointOf(folder);
    await checkOtherClasses(folder, [clip, ...prompts], '--storage', 'float32');
    checkZeroShot(folder, await score([clip], FILMS, 'native', '--storage', 'float32', '--zero-shot'));
  });
});
