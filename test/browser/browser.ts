import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { expect } from 'vitest';

/** Debian's Chromium, as people use it: looked through by axe-core, and drawn. */
export const pictures = resolve(import.meta.dirname, 'pictures');

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const wcag22AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export const looks = [
  { name: '1280', width: 1280, height: 900, scheme: 'light' },
  { name: '1280-dark', width: 1280, height: 900, scheme: 'dark' },
  { name: '390', width: 390, height: 844, scheme: 'light' },
  { name: '390-dark', width: 390, height: 844, scheme: 'dark' },
] as const;

export function launchBrowser(executablePath: string): Promise<Browser> {
  // Chromium refuses its own sandbox to root.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}

export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained of: scripts or styles refused, faults of a script. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export async function openVisitor(browser: Browser): Promise<Visitor> {
  const context = await browser.newContext({
    ...{ locale: 'fr-FR', timezoneId: 'Europe/Paris', reducedMotion: 'reduce' },
    viewport: { width: 1280, height: 900 },
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (404|422|403)/.test(message.text()))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { context, page, complaints, close: () => context.close() };
}

/** No violation of WCAG 2.2 AA that axe-core can see. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(options: unknown): Promise<{
          violations: { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }[];
        }>;
      };
    };
    const { violations: found } = await axe.run({ runOnly: { type: 'tag', values: tags } });
    return found.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes
          .slice(0, 3)
          .map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary.replace(/\s+/g, ' ')})`)
          .join(' | ')}`,
    );
  }, wcag22AA);
  expect(violations, where).toEqual([]);
}

/** The page itself never scrolls sideways; its tables may, inside their boxes. */
export async function expectNoSideways(page: Page, where: string): Promise<void> {
  const { wide, room, culprits } = await page.evaluate<{ wide: number; room: number; culprits: string[] }>(`
    (() => {
      const root = document.documentElement;
      const culprits = [...document.querySelectorAll('body *')]
        .filter((each) => each.getBoundingClientRect().right > root.clientWidth + 1)
        .slice(0, 5)
        .map((each) => each.tagName + '.' + (each.getAttribute('class') ?? ''));
      return { wide: root.scrollWidth, room: root.clientWidth, culprits };
    })()`);
  expect(wide, `${where}: ${culprits.join(', ')}`).toBeLessThanOrEqual(room);
}

/** Drawn at both widths in both themes, held against accessibility and sideways scroll each time. */
export async function look(page: Page, path: string, name: string): Promise<void> {
  await mkdir(pictures, { recursive: true });
  for (const { name: size, width, height, scheme } of looks) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    const where = `${path} at ${size}`;
    await page.goto(path, { waitUntil: 'load' });
    expect(await page.locator('h1').count(), `${where}: one h1`).toBe(1);
    expect(await page.title(), where).not.toBe('');
    await expectAccessible(page, where);
    await expectNoSideways(page, where);
    await page.screenshot({ path: join(pictures, `${name}-${size}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
}
