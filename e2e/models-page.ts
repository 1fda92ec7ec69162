import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { ROOT } from '../scripts/paths.mjs';
import { makeCheckpoint, makePrompts } from '../src/cli/testing/fixture-checkpoint.js';
import { file, type Film } from './films.js';

const REFERENCE = join(ROOT, '../shared/reference');

/** A file of the golden vectors; undefined where they are not on this machine. */
export function referenceFile(path: string): string | undefined {
  const file = join(REFERENCE, path);
  return existsSync(file) ? file : undefined;
}

export const NO_REFERENCE = 'the reference checkpoints (../shared/reference) are not on this machine';

/** The dialogue of models as a reader uses it. */
export class ModelsPage {
  readonly dialog: Locator;
  /** What becomes of a file on its way in. */
  readonly incoming: Locator;
  readonly packs: Locator;
  readonly ownPack: Locator;

  constructor(readonly page: Page) {
    this.dialog = page.getByTestId('models');
    this.incoming = page.getByTestId('incoming');
    this.packs = this.dialog.locator('[data-testid^="pack-"]:not([data-testid="pack-own"])');
    this.ownPack = page.getByTestId('pack-own');
  }

  async open(): Promise<void> {
    await this.page.getByTestId('open-models').first().click();
    await expect(this.dialog).toBeVisible();
  }

  async close(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await expect(this.dialog).toHaveCount(0);
  }

  /** Gives checkpoints or packs to the picker; the dialogue is open. */
  async give(...files: (string | Film)[]): Promise<void> {
    const paths = files.filter((file) => typeof file === 'string');
    await this.page
      .getByTestId('model-input')
      .setInputFiles(paths.length > 0 ? paths : files.filter((file) => typeof file !== 'string'));
  }

  /** Waits for a step of the import. */
  async step(kind: 'inspecting' | 'review' | 'working' | 'done' | 'failed' | 'stopped'): Promise<void> {
    await expect(this.incoming).toHaveAttribute('data-step', kind, { timeout: 120_000 });
  }

  /** From the open dialogue: gives, agrees with what is offered, and waits until the new pack is in use. */
  async import(...files: (string | Film)[]): Promise<void> {
    await this.give(...files);
    await this.step('review');
    await this.incoming.locator('button[type="submit"]').click();
    await this.step('done');
  }

  row(name: string | RegExp): Locator {
    return this.packs.filter({ hasText: name });
  }

  /** Every file in the library's folder. */
  async filesKept(): Promise<string[]> {
    return this.page.evaluate(async () => {
      interface Folder {
        entries(): AsyncIterable<[string, { kind: string }]>;
      }
      const names: string[] = [];
      const walk = async (folder: Folder, path: string): Promise<void> => {
        for await (const [name, handle] of folder.entries()) {
          if (handle.kind === 'directory') await walk(handle as unknown as Folder, `${path}${name}/`);
          else names.push(path + name);
        }
      };
      const root = await navigator.storage.getDirectory();
      const library = await root.getDirectoryHandle('pack-library', { create: true });
      await walk(library, '');
      return names;
    });
  }
}

/** A small CLIP of random weights as a file. */
export async function tinyCheckpoint(name: string): Promise<Film> {
  return file(name, await makeCheckpoint(), 'application/octet-stream');
}

/** PPAD's prompts for it, without it. */
export async function tinyPrompts(name: string, { buffer }: Film): Promise<Film> {
  return file(name, await makePrompts(buffer), 'application/octet-stream');
}
