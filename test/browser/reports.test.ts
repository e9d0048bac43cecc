import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWatchRules } from '../../receiver/monitor/settings.ts';
import { createPrinter } from '../../receiver/reports/chromium.ts';
import { computeFigures, type Figures } from '../../receiver/reports/figures/compute.ts';
import { periodBefore } from '../../receiver/reports/period.ts';
import { reportHtml } from '../../receiver/reports/render/html.ts';
import { stateFolder } from '../../receiver/state-folder.ts';
import { reportKinds, type ReportKind } from '../../receiver/store/report-tables.ts';
import { openSqliteStore } from '../../receiver/store/sqlite-store.ts';
import { peer } from '../support/peer.ts';
import { launchBrowser, look, openVisitor, pictures } from './browser.ts';
import { enterSite } from './enter.ts';
import { openSite, type Site } from './site.ts';

/** Reports as people see and print them: the page of them, and A4 out of a real Chromium. */
const chromium = peer('chromium', 'reports are neither looked at nor printed');

let site: Site;
let browser: Browser;
const now = Date.now();
beforeAll(async () => {
  if (chromium === undefined) return;
  site = await openSite({ settings: { reports: { languages: ['fr', 'en'] } } });
  site.receiver('report', 'keep', 'weekly');
  browser = await launchBrowser(chromium);
}, 180_000);
afterAll(async () => {
  if (chromium === undefined) return;
  await browser.close();
  await site.close();
});

async function figuresOf(kind: ReportKind, facility: string | null): Promise<Figures> {
  const { config } = site.region;
  const store = openSqliteStore(stateFolder(config.state).database);
  try {
    const { watching, destinations, region } = config;
    return await computeFigures(
      { store, rules: createWatchRules(watching), destinations, region },
      { ...periodBefore(kind, now), facility, now },
    );
  } finally {
    await store.close();
  }
}

/** Between the margins of A4 on its side, in CSS pixels: 297 mm less twice 12 mm. */
const printedWidth = Math.floor((273 / 25.4) * 96);

/** What would be cut off, or shrink the whole page: boxes and words that do not fit. */
async function cutOff(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`
    [...document.querySelectorAll('body *')]
      .filter((each) => {
        const { right, width } = each.getBoundingClientRect();
        return width > 0 && (right > ${printedWidth} + 1 || (each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0));
      })
      .map((each) => each.tagName + ': ' + each.textContent.slice(0, 60))`);
}

/** Pages of a PDF as Chromium writes it, each with the size of its sheet in points. */
function sheetsOf(pdf: Buffer): readonly (readonly [number, number])[] {
  const text = pdf.toString('latin1');
  return [
    ...text.matchAll(/\/Type\s*\/Page\b(?!s)[\s\S]*?\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)/g),
  ].map(([, width = '', height = '']) => [Math.round(Number(width)), Math.round(Number(height))] as const);
}

describe.skipIf(chromium === undefined)('reports on paper', () => {
  it(
    'fit A4, in either language, of the region and of a facility, with nothing cut off',
    { timeout: 300_000 },
    async () => {
      const { quality } = site.region.config;
      const visitor = await openVisitor(browser);
      const [first] = site.region.hospitals;
      const most: Readonly<Record<ReportKind, number>> = { daily: 5, weekly: 6, monthly: 6 };
      const wrong: string[] = [];
      for (const kind of reportKinds)
        for (const facility of [null, first?.finess ?? ''])
          for (const language of ['fr', 'en'] as const) {
            const figures = await figuresOf(kind, facility);
            const name = `rapport-${kind}-${facility ?? 'region'}-${language}`;
            const page = reportHtml(figures, { language, author: 'Camille Essai', quality });
            const file = join(site.region.folder, `${name}.html`);
            await writeFile(file, page);
            const pdf = await createPrinter(chromium ?? '')(page, undefined);
            const sheets = sheetsOf(pdf);
            if (sheets.length === 0 || sheets.length > most[kind])
              wrong.push(`${name}: ${sheets.length} pages`);
            for (const [width, height] of sheets)
              if (Math.abs(width - 842) > 1 || Math.abs(height - 595) > 1)
                wrong.push(`${name}: ${width} x ${height}`);
            await visitor.page.emulateMedia({ media: 'print', colorScheme: 'light' });
            await visitor.page.setViewportSize({ width: printedWidth, height: 700 });
            await visitor.page.goto(pathToFileURL(file).href);
            wrong.push(...(await cutOff(visitor.page)).map((each) => `${name}: ${each}`));
            await visitor.page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
            // How much of the period is known stands above the first number.
            const order = await visitor.page.evaluate<number[]>(`
            ['section table', 'svg.chart', 'footer'].map((each) => document.querySelector(each).getBoundingClientRect().top)`);
            if ([...order].sort((one, other) => one - other).join() !== order.join())
              wrong.push(`${name}: order`);
          }
      expect(wrong).toEqual([]);
      expect(visitor.complaints).toEqual([]);
      await visitor.close();
    },
  );
});

describe.skipIf(chromium === undefined)('the page of reports', () => {
  it(
    'leads from what is kept to the report, its paper and its files, and makes another',
    { timeout: 240_000 },
    async () => {
      const visitor = await enterSite(
        { site, browser },
        ...(['rita', 'Rita Rapporte', 'regional-operator', '--administrator'] as const),
      );
      const { page, problems, complaints } = visitor;
      await look(visitor, `${site.origin}/rapports`, 'rapports');
      await look(visitor, `${site.origin}/rapports/groupes`, 'rapports-groupes');
      await page.goto(`${site.origin}/rapports`);
      await page.locator('.head .btn.main').click();
      await page.waitForURL(/rapports\/\d+$/);
      await look(visitor, page.url(), 'rapport');
      // Its style is let in by its digest: the charts have their colour.
      const fill = await page.evaluate<string>(`getComputedStyle(document.querySelector('svg .bar')).fill`);
      expect(fill).toBe('rgb(75, 111, 120)');
      expect(await page.locator('button[data-print]').isVisible()).toBe(true);
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('nav.tools a', { hasText: 'CSV' }).click(),
      ]);
      expect(file.suggestedFilename()).toMatch(/^vaguemestre-\d{4}-W\d\d-region-fr\.csv$/);
      await page.goto(`${site.origin}/en/rapports`);
      await page.locator('select[name=type]').selectOption('monthly');
      await page.locator('.ask .btn.main').click();
      await page.waitForURL(/en\/rapports\/\d+$/, { timeout: 60_000 });
      expect(await page.locator('h1').innerText()).toContain('Monthly quality');
      await visitor.close();
      expect([...problems, ...complaints]).toEqual([]);
    },
  );
});
