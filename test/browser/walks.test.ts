import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peer } from '../support/peer.ts';
import { launchBrowser, look, type Visitor } from './browser.ts';
import { enterSite } from './enter.ts';
import { openSite, type Site } from './site.ts';

/**
 * Each profile goes through its main task in Debian's Chromium, as a person would, and every page on its way is looked
 * through: accessibility, sideways scroll, what the browser complains of, and the headings, columns and states that the
 * pictures of the design have.
 */
const chromium = peer('chromium', 'the pages are not looked at in a browser');

let site: Site | undefined;
let browser: Browser | undefined;
beforeAll(async () => {
  if (chromium === undefined) return;
  site = await openSite();
  browser = await launchBrowser(chromium);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

function there<T>(one: T | undefined): T {
  if (one === undefined) throw new Error('nothing was opened');
  return one;
}

async function enter(login: string, name: string, profile: string, ...more: string[]): Promise<Visitor> {
  return enterSite({ site: there(site), browser: there(browser) }, login, name, profile, ...more);
}

/** Nothing was wrong on the way, and the browser had nothing to complain of. */
async function leave(visitor: Visitor): Promise<void> {
  await visitor.close();
  expect([...visitor.problems, ...visitor.complaints]).toEqual([]);
}

async function expectWords(
  { page, problems }: Visitor,
  selector: string,
  words: readonly string[],
): Promise<void> {
  const found = (await page.locator(selector).allInnerTexts()).map((text) =>
    text.replace(/\s+/g, ' ').trim(),
  );
  for (const word of words)
    if (!found.some((text) => text.toLowerCase().includes(word.toLowerCase())))
      problems.push(`${page.url()}: ${word} is not among ${found.join(' | ').slice(0, 600)}`);
}

const headings = 'h1, h2, h3, caption';
const columns = 'th[scope=col]';

describe.skipIf(chromium === undefined)('the pages in a browser', () => {
  it('take a regional operator through the morning', { timeout: 300_000 }, async () => {
    const visitor = await enter(
      ...(['claire', 'Claire Lormeau', 'regional-operator', '--administrator'] as const),
    );
    const { page } = visitor;
    const { origin, region } = there(site);
    const [montrevel] = region.hospitals.filter(({ name }) => name === 'CH de Montrevel');
    const facility = `${origin}/etablissements/${montrevel?.finess ?? ''}`;

    await look(visitor, `${origin}/`, 'aujourdhui');
    await expectWords(visitor, headings, [
      'établissements sur 24',
      'Attendus',
      'Reçus',
      'Contrôlés',
      'Envoyés',
      'Accusés',
    ]);
    await expectWords(visitor, headings, ['À traiter ce matin', 'jours, 24 établissements', 'Destinations']);
    await expectWords(visitor, columns, ['Établissement', 'reçus / attendus', 'complets', 'férié', '25 h']);
    await expectWords(visitor, '.todo-list .b', ['Silence', 'Retenu', 'Bas', 'Partiel']);
    await expectWords(visitor, '.legend li', [
      'Reçu',
      'Tardif',
      'Partiel',
      'Anormalement bas',
      'Silence',
      'Retenu',
    ]);
    await expectWords(visitor, '.legend li', ['Fermeture déclarée', 'Pas encore raccordé']);

    await look(visitor, `${origin}/etablissements`, 'etablissements');
    await look(visitor, facility, 'etablissement');
    await expectWords(visitor, headings, [
      'L’agent répond',
      'Les fichiers arrivent',
      'Le contenu est plausible',
    ]);
    await expectWords(visitor, headings, [
      'Passages reçus et attendus',
      'Qualité des passages',
      'À améliorer',
    ]);
    await expectWords(visitor, headings, ['Contacts', 'Notes', 'Derniers fichiers']);
    await expectWords(visitor, columns, [
      'Item',
      'Rempli',
      'Objectif',
      'Écart région',
      '12 semaines',
      'Reçu',
      'État',
    ]);
    await expectWords(visitor, columns, [
      'Période',
      'Passages',
      'Nouveaux',
      'Modifiés',
      'Retirés',
      'Signalés',
    ]);
    await look(visitor, `${facility}/jours/${isoOf(region.last)}`, 'jour');
    await look(visitor, `${facility}/qualite`, 'qualite');
    for (const form of ['renvoi', 'contacts', 'fermeture', 'degrade', 'transport'])
      await look(visitor, `${facility}/${form}`, form);
    await look(visitor, `${origin}/rattrapage`, 'rattrapage');

    await look(visitor, `${origin}/lots`, 'lots');
    const held = `${origin}/lots/${region.heldExport ?? ''}`;
    await look(visitor, held, 'lot-retenu');
    await expectWords(visitor, headings, [
      'Ce fichier effacerait',
      'Déposé',
      'Scellé',
      'Reçu',
      'Retenu',
      'Conservé',
    ]);
    await expectWords(visitor, headings, ['Envoyé', 'Accusé', 'Que faire de ce lot']);
    await expectWords(visitor, columns, ['Jour de passage', 'Conservés', 'Dans le fichier', 'Écart']);
    await page.goto(facility, { waitUntil: 'load' });
    await page.locator('table a[href^="/lots/"]').nth(2).click();
    await look(visitor, page.url(), 'lot');
    await expectWords(visitor, headings, ['Compte exact', 'Ce que ce lot a changé', 'Historique', 'Preuves']);
    await expectWords(visitor, columns, ['Avant', 'Après', 'Nouveaux', 'Modifiés', 'Retirés']);

    await look(visitor, `${origin}/destinations`, 'destinations');
    await expectWords(visitor, columns, [
      'Destination',
      'État',
      'Dernier accusé',
      'Prochain envoi',
      'En attente',
      '14 derniers jours',
    ]);
    await look(visitor, `${origin}/destinations/spf`, 'destination');
    await look(visitor, `${origin}/alertes`, 'alertes');
    await expectWords(visitor, columns, [
      'État',
      'Établissement',
      'Cause',
      'Depuis',
      'Règle',
      'Prévenus',
      'Prise par',
      'Action',
    ]);
    await look(visitor, `${origin}/analyser`, 'analyser');
    await look(visitor, `${origin}/journal`, 'journal');
    await look(visitor, `${origin}/administration`, 'administration');
    await look(visitor, `${origin}/administration/comptes`, 'comptes');
    await look(visitor, `${origin}/compte`, 'compte');
    await look(visitor, `${origin}/aide`, 'aide');
    await look(visitor, `${origin}/en`, 'today-en');

    // Whoever calls takes the alert; whoever decides says why.
    await page.goto(`${origin}/`, { waitUntil: 'load' });
    await page.getByText('J’appelle').first().click();
    await page.waitForURL(/\/alertes\/\d+/);
    await look(visitor, page.url().replace(/#.*/, ''), 'alerte');
    await expectWords(visitor, headings, ['Journal de l’alerte', 'Message']);
    await page.goto(held, { waitUntil: 'load' });
    await page.locator('textarea[name=motif]').first().fill('Filtre d’export oublié, confirmé au téléphone.');
    await page.getByRole('button', { name: /^Garder les \d+ passages$/ }).click();
    await page.waitForLoadState('load');
    await page.goto(`${origin}/journal`, { waitUntil: 'load' });
    expect(await page.locator('main').innerText()).toContain('Filtre d’export oublié');
    await leave(visitor);
  });

  it('take a hospital administrator to their own facility only', { timeout: 180_000 }, async () => {
    const [own, other] = [there(site).region.hospitals[6], there(site).region.hospitals[7]];
    const visitor = await enter(
      ...(['vasseur', 'Marc Vasseur', 'hospital-admin', '--facilities', own?.finess ?? ''] as const),
    );
    const { page } = visitor;
    await page.goto(there(site).origin, { waitUntil: 'load' });
    expect(page.url()).toContain(`/etablissements/${own?.finess ?? ''}`);
    await look(visitor, page.url(), 'hopital-etablissement');
    expect(await page.locator('body').innerText()).not.toContain(other?.name ?? 'nobody');
    expect((await page.goto(`${there(site).origin}/etablissements/${other?.finess ?? ''}`))?.status()).toBe(
      404,
    );
    await look(visitor, `${there(site).origin}/lots`, 'hopital-lots');
    expect(await page.locator('body').innerText()).not.toContain(other?.name ?? 'nobody');
    await look(visitor, `${there(site).origin}/alertes`, 'hopital-alertes');
    await look(visitor, `${there(site).origin}/etablissements/${own?.finess ?? ''}/renvoi`, 'hopital-renvoi');
    await leave(visitor);
  });

  it('take an agency to what is ready for it', { timeout: 180_000 }, async () => {
    const visitor = await enter(...(['ars', 'Agence Régionale', 'agency', '--destinations', 'ars'] as const));
    const { page } = visitor;
    await page.goto(there(site).origin, { waitUntil: 'load' });
    expect(page.url()).toContain('/agence');
    await look(visitor, `${there(site).origin}/agence`, 'agence');
    await expectWords(visitor, headings, ['fichiers à prendre', 'Réserves', 'Livraisons']);
    await expectWords(visitor, columns, [
      'Préparée',
      'Établissement',
      'Passages',
      'Téléchargée',
      'Réponse',
      'État',
    ]);
    await look(visitor, `${there(site).origin}/agence/couverture`, 'couverture');
    expect((await page.goto(`${there(site).origin}/destinations`))?.status()).toBe(404);
    await leave(visitor);
  });

  it('show a health professional aggregates and nothing else', { timeout: 180_000 }, async () => {
    const visitor = await enter('pelissier', 'Dr Pélissier', 'health-professional');
    const { page } = visitor;
    await page.goto(there(site).origin, { waitUntil: 'load' });
    expect(page.url()).toContain('/analyser');
    await look(visitor, `${there(site).origin}/analyser`, 'soignant-analyser');
    for (const path of ['/etablissements', '/lots', '/journal'])
      expect((await page.goto(`${there(site).origin}${path}`))?.status()).toBe(404);
    await leave(visitor);
  });

  it('let a reader look without a single act', { timeout: 180_000 }, async () => {
    const visitor = await enter('lecteur', 'Lou Lecteur', 'read-only');
    const { page } = visitor;
    await look(visitor, `${there(site).origin}/`, 'lecture-aujourdhui');
    for (const path of ['/', '/etablissements', '/lots', '/destinations', '/alertes']) {
      await page.goto(`${there(site).origin}${path}`, { waitUntil: 'load' });
      expect(await page.locator('main form[method=post]').count(), path).toBe(0);
    }
    await leave(visitor);
  });

  it('let an auditor verify what was done', { timeout: 180_000 }, async () => {
    const visitor = await enter('audit', 'Ada Auditeur', 'auditor');
    const { page } = visitor;
    await look(visitor, `${there(site).origin}/journal`, 'audit-journal');
    expect(await page.locator('h1').innerText()).toMatch(/chaîne/i);
    await leave(visitor);
  });
});

function isoOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
