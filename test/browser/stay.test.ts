import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { peer } from '../support/peer.ts';
import { putAccount, testPassword } from '../support/portal/sign-in.ts';
import { createSignInLab, type SignInLab } from '../support/portal/sign-in-lab.ts';
import { launchBrowser, openVisitor } from './browser.ts';

/** Somebody writes a long note: the page says in time that the session closes, and one click keeps it and the note. */
const chromium = peer('chromium', 'the notice of a closing session is not looked at in a browser');

let lab: SignInLab | undefined;
let browser: Browser | undefined;
beforeAll(async () => {
  if (chromium === undefined) return;
  lab = await createSignInLab({ secondFactor: 'nobody' });
  browser = await launchBrowser(chromium);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await lab?.close();
});

it.skipIf(chromium === undefined)(
  'who writes on is not signed out',
  async () => {
    if (lab === undefined || browser === undefined) throw new Error('nothing was opened');
    await putAccount(lab.store, { login: 'ecrit', profile: 'regional-operator' });
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    await page.clock.install();
    await page.goto(lab.base, { waitUntil: 'load' });
    await page.locator('input[name=login]').fill('ecrit');
    await page.locator('input[name=password]').fill(testPassword);
    await page.locator('main form button, .form form button').first().click();
    await page.waitForLoadState('load');
    await page.goto(`${lab.base}/aide`, { waitUntil: 'load' });
    const notice = page.locator('.stay p');
    const wait = async (minutes: number): Promise<void> => {
      lab?.clock.advance(minutes * 60_000);
      await page.clock.fastForward(minutes * 60_000);
    };

    await wait(26);
    expect(await notice.isVisible()).toBe(false);
    await wait(1.1);
    expect(await notice.innerText()).toContain('votre session se ferme dans deux minutes');
    expect(await page.locator('[role=status][data-idle]').count()).toBe(1);
    await page.locator('#chercher').fill('une note');
    await page.getByRole('button', { name: 'Rester connecté' }).click();
    await notice.waitFor({ state: 'hidden' });
    expect(await page.locator('#chercher').inputValue()).toBe('une note');
    await wait(27.1);
    await notice.waitFor({ state: 'visible' });
    await page.getByRole('button', { name: 'Rester connecté' }).click();
    await notice.waitFor({ state: 'hidden' });

    // Too late: the page for signing in says the rest.
    await wait(31);
    await page.getByRole('button', { name: 'Rester connecté' }).click();
    await page.waitForURL(/connexion/);
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  },
  60_000,
);
