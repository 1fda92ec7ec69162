import { phantom } from './films.js';
import { expect, test } from './fixtures.js';
import { ModelsPage, tinyCheckpoint, tinyPrompts } from './models-page.js';

test.describe.configure({ timeout: 240_000 });
test.beforeEach(({ page }) => page.setViewportSize({ width: 1280, height: 800 }));

test('PPAD’s prompts alone ask for their CLIP, and find it among the models here', async ({ page, reader }) => {
  const models = new ModelsPage(page);
  const clip = await tinyCheckpoint('clip.safetensors');
  const prompts = await tinyPrompts('prompts.safetensors', clip);
  await reader.open();
  await models.open();
  await models.give(prompts);
  await models.step('review');
  await expect(models.incoming).toContainText('PPAD’s prompts alone');
  await expect(models.incoming.getByRole('alert')).toContainText('No model here fits these prompts');
  await expect(models.incoming.locator('button[type="submit"]')).toBeDisabled();
  await models.incoming.getByRole('button', { name: 'Cancel' }).click();

  await models.give(clip);
  await models.step('review');
  await models.incoming.getByLabel(/^Keep the text tower/).check();
  await models.incoming.locator('button[type="submit"]').click();
  await models.step('done');
  await models.give(prompts);
  await models.step('review');
  await expect(models.incoming.getByLabel('The CLIP that they were learned with').locator('option')).toHaveText([
    'clip.safetensors',
  ]);
  await models.incoming.locator('button[type="submit"]').click();
  await models.step('done');
  await expect(models.row('prompts.safetensors')).toContainText('learned prompts');
  await models.close();

  await reader.giveAndRead(phantom('film.png'));
  await expect(reader.result).toHaveAttribute('data-rule', /^(max|mean)$/);
  await expect(page.getByTestId('origin')).toContainText('prompts.safetensors, imported, not validated here');
  await expect(page.getByTestId('origin')).toContainText('over clip');
});

test('the browser is asked to keep what is stored; where its room ends, nothing is left of an import', async ({
  page,
  reader,
}) => {
  const models = new ModelsPage(page);
  await page.addInitScript(() => {
    const { storage } = navigator;
    const persist = storage.persist.bind(storage);
    storage.persist = () => {
      document.documentElement.dataset['persistAsked'] = 'yes';
      return persist();
    };
  });
  await reader.open();
  await reader.giveAndRead(phantom('film.png'));
  const before = await reader.numbers();
  await models.open();
  await models.give(await tinyCheckpoint('large.safetensors'));
  await models.step('review');
  await expect(page.locator('html')).not.toHaveAttribute('data-persist-asked');
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000 });
  await models.incoming.locator('button[type="submit"]').click();
  await models.step('failed');
  await expect(page.getByTestId('model-error')).toHaveAttribute('data-code', 'STORAGE_FULL');
  await expect(page.locator('html')).toHaveAttribute('data-persist-asked', 'yes');
  expect(await models.filesKept()).toEqual([]);
  await expect(models.ownPack).toHaveAttribute('data-current', 'true');
  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await models.close();
  expect(await reader.numbers()).toEqual(before);
});
