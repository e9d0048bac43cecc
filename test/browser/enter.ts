import type { Browser } from 'playwright-core';
import { Secret, TOTP } from 'otpauth';
import { expect } from 'vitest';
import { openVisitor, type Visitor } from './browser.ts';
import type { Site } from './site.ts';

/** The way in of a new account: the one-time password, one of its own, an application where one is asked for. */
export async function enterSite(
  { site, browser }: { readonly site: Site; readonly browser: Browser },
  login: string,
  name: string,
  profile: string,
  ...more: readonly string[]
): Promise<Visitor> {
  const password = site.addAccount(login, name, profile, ...more);
  const visitor = await openVisitor(browser);
  const { page } = visitor;
  await page.goto(site.origin, { waitUntil: 'load' });
  await page.locator('input[name=login]').fill(login);
  await page.locator('input[name=password]').fill(password);
  await page.locator('main form button, .form form button').first().click();
  await page.waitForURL(/mot-de-passe/);
  for (const field of ['password', 'again'])
    await page.locator(`input[name=${field}]`).fill(`${password} et trois girafes`);
  await page.locator('.form form button, main form button').first().click();
  await page.waitForLoadState('load');
  if (page.url().includes('/connexion/application')) {
    const text = (await page.locator('body').innerText()).replaceAll('\u202f', ' ');
    const key = /Clé\s*:\s*([A-Z2-7 ]+)/.exec(text)?.[1]?.replaceAll(' ', '') ?? '';
    await page.locator('input[name=code]').fill(new TOTP({ secret: Secret.fromBase32(key) }).generate());
    await page.locator('.form form button, main form button').first().click();
    await page.waitForLoadState('load');
  }
  expect(page.url()).not.toContain('/connexion');
  return visitor;
}
