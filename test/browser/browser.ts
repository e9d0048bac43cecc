import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

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
  /** What was wrong with the pages looked at. */
  readonly problems: string[];
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
  return { context, page, complaints, problems: [], close: () => context.close() };
}

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

/** What axe-core sees against WCAG 2.2 AA. */
async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const options = JSON.stringify({ runOnly: { type: 'tag', values: wcag22AA } });
  const { violations } = await page.evaluate<{ violations: readonly Violation[] }>(`axe.run(${options})`);
  return violations.map(({ id, help, nodes }) => {
    const places = nodes
      .slice(0, 3)
      .map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary.replace(/\s+/g, ' ')})`);
    return `${id}: ${help}: ${places.join(' | ')}`;
  });
}

/** The page itself never scrolls sideways; its tables may, inside their boxes. */
async function sidewaysOf(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`
    (() => {
      const root = document.documentElement;
      if (root.scrollWidth <= root.clientWidth) return [];
      const culprits = [...document.querySelectorAll('body *')]
        .filter((each) => each.getBoundingClientRect().right > root.clientWidth + 1)
        .slice(0, 6)
        .map((each) => each.tagName + '.' + (each.getAttribute('class') ?? ''));
      return ['wider than the screen: ' + root.scrollWidth + ' > ' + root.clientWidth + ': ' + culprits.join(', ')];
    })()`);
}

/** Drawn at both widths in both themes, looked through each time; what is wrong is added to the visitor's problems. */
export async function look({ page, problems }: Visitor, path: string, name: string): Promise<void> {
  await mkdir(pictures, { recursive: true });
  for (const { name: size, width, height, scheme } of looks) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    const answer = await page.goto(path, { waitUntil: 'load' });
    const wrong = [
      ...(answer?.status() === 200 ? [] : [`answers ${answer?.status() ?? 'nothing'}`]),
      ...((await page.locator('h1').count()) === 1 ? [] : ['has not exactly one h1']),
      ...((await page.title()) === '' ? ['has no title'] : []),
      ...(await violationsOf(page)),
      ...(await sidewaysOf(page)),
    ];
    problems.push(...wrong.map((each) => `${name} at ${size}: ${each}`));
    await page.screenshot({ path: join(pictures, `${name}-${size}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
}
