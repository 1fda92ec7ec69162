import type { CheckpointFacts, LibraryPack } from '../../state/index.js';

/** Whether a pack holds a text tower, and PPAD's prompts have the widths of its towers. */
export function fitsPrompts({ manifest, deleted }: LibraryPack, { tensors }: Pick<CheckpointFacts, 'tensors'>): boolean {
  if (!manifest?.textTower || !manifest.files.text || deleted !== undefined) return false;
  const dims = (ending: string): readonly number[] | undefined => tensors.find(({ key }) => key.endsWith(ending))?.dims;
  const mask = dims('mask_embedding');
  const context = dims('ctx');
  const [rows, columns] = manifest.architecture.grid;
  return mask?.[1] === rows * columns && mask[2] === manifest.architecture.width && context?.[1] === manifest.textTower.width;
}
