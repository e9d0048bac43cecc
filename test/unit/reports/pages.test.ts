import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../../receiver/accounts/profile.ts';
import { keepReports } from '../../../receiver/reports/keep-reports.ts';
import { periodAsked } from '../../../receiver/reports/period.ts';
import { styleDigest } from '../../../receiver/reports/render/style.ts';
import type { ReportRow } from '../../../receiver/store/report-tables.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createDemoRegion, type DemoRegion } from '../../support/portal/demo-region.ts';
import { createPortalLab, viewerAs, type PortalLab } from '../../support/portal/portal-lab.ts';

/** A Monday at ten: last week's reports were made an hour ago. */
const now = Date.parse('2026-11-23T10:00:00+01:00');
let region: DemoRegion;
let lab: PortalLab;
let kept: readonly ReportRow[];
const operator = viewerAs('regional-operator');
const administrator = viewerAs('regional-operator', { administrator: true });
const hospitalOf = (index: number): Viewer =>
  viewerAs('hospital-admin', { facilities: new Set([region.hospitals[index]?.finess ?? '']) });

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-reports-'));
  region = await createDemoRegion({
    ...{ folder, now, hospitals: 3, days: 12 },
    settings: { reports: { weekly: { cron: '0 9 * * 1' }, languages: ['fr', 'en'] } },
  });
  lab = await createPortalLab({ region, startAt: now });
  const { config, store, clock } = lab;
  const logger = createLogger({ name: 'test', level: 'silent' });
  const deps = { config, store, clock, logger, random: systemRandom, print: undefined };
  await keepReports(deps, periodAsked('weekly', undefined, now), new AbortController().signal);
  kept = await store.read((tx) => tx.reports.stored.list({}, 100));
}, 120_000);
afterAll(() => lab.close());

const idOf = (facility: string | null, language: 'fr' | 'en' = 'fr'): number =>
  kept.find((row) => row.facility === facility && row.language === language)?.id ?? 0;
const finessOf = (index: number): string => region.hospitals[index]?.finess ?? '';
const latest = async (): Promise<ReportRow | undefined> =>
  (await lab.store.read((tx) => tx.reports.stored.list({}, 1)))[0];

describe('the list of reports', () => {
  it('opens with what the latest week covers, says who made it and when the next one comes', async () => {
    const { status, text } = await lab.get('/rapports', operator);
    expect(status).toBe(200);
    expect(text).toMatch(
      /<h1>Semaine 47 \(16 nov\. – 22 nov\.\)\u00a0: \d+ jours d’établissement complets sur 21/,
    );
    expect(text).toContain('par Vaguemestre');
    expect(text).toContain('Le prochain se fait tout seul lun. 30 nov. 09:00');
    expect((await lab.get('/en/rapports', operator)).text).toContain('Week 47 (16 Nov – 22 Nov):');
  });

  it('shows the region’s to the region, and each facility’s when asked', async () => {
    const own = (await lab.get('/rapports', operator)).text;
    expect(own).toContain(`/rapports/${idOf(null)}"`);
    expect(own).not.toContain(`/rapports/${idOf(finessOf(0))}"`);
    const one = (await lab.get(`/rapports?perimetre=${finessOf(0)}`, operator)).text;
    expect(one).toContain(`/rapports/${idOf(finessOf(0))}"`);
    expect(one).not.toContain(`/rapports/${idOf(null)}/fichier`);
    const all = (await lab.get('/rapports?perimetre=tous', operator)).text;
    for (const { id } of kept) expect(all).toContain(`/rapports/${id}"`);
    expect((await lab.get('/rapports?genre=monthly', operator)).text).toContain('Aucun rapport ici');
  });

  it('shows a hospital its own alone, whatever it asks for', async () => {
    for (const query of ['', '?perimetre=tous', '?perimetre=region', `?perimetre=${finessOf(1)}`]) {
      const { text } = await lab.get(`/rapports${query}`, hospitalOf(0));
      for (const row of kept)
        if (row.facility !== finessOf(0)) expect(text).not.toContain(`/rapports/${row.id}"`);
    }
    expect((await lab.get('/rapports', hospitalOf(0))).text).toContain(`/rapports/${idOf(finessOf(0))}"`);
  });
});

describe('a kept report', () => {
  it('is shown as it was made, under a policy that lets its one style in and nothing else', async () => {
    for (const language of ['fr', 'en'] as const) {
      const { status, text, headers } = await lab.get(`/rapports/${idOf(null, language)}`, operator);
      expect(status).toBe(200);
      const policy = String(headers['content-security-policy']);
      const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '';
      expect(policy).toContain(`style-src 'sha256-${styleDigest(style)}'`);
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(text).not.toMatch(/ style=|<script>|http-equiv/);
      expect(text.match(/<script/g)).toHaveLength(1);
      const own = await lab.store.read((tx) => tx.reports.stored.file(idOf(null, language), 'html'));
      const body = String(own).slice(String(own).indexOf('<h1>'));
      expect(text.endsWith(body)).toBe(true);
    }
  });

  it('comes as the files that it is kept as', async () => {
    for (const form of ['html', 'csv'] as const) {
      const { status, text, headers } = await lab.get(`/rapports/${idOf(null)}/fichier/${form}`, operator);
      const own = await lab.store.read((tx) => tx.reports.stored.file(idOf(null), form));
      expect([status, text]).toEqual([200, String(own)]);
      expect(headers['content-disposition']).toContain(`vaguemestre-2026-W47-region-fr.${form}`);
    }
    expect((await lab.get(`/rapports/${idOf(null)}/fichier/pdf`, operator)).status).toBe(404);
  });

  it('of another facility, of the region, and what is none, are one and the same to a hospital', async () => {
    for (const id of [idOf(finessOf(1)), idOf(null), 999, '01', '1e3', 'x'])
      for (const path of [`/rapports/${id}`, `/rapports/${id}/fichier/csv`]) {
        const { status, text } = await lab.get(path, hospitalOf(0));
        expect([path, status]).toEqual([path, 404]);
        expect(text).not.toContain(region.hospitals[1]?.name ?? '?');
      }
    expect((await lab.get(`/rapports/${idOf(finessOf(0))}`, hospitalOf(0))).status).toBe(200);
  });
});

describe('a report that somebody asks for', () => {
  const wish = (viewer: Viewer, form: Readonly<Record<string, string>>, path = '/rapports') =>
    lab.post(path, viewer, { type: 'daily', jour: '2026-11-18', langue: 'fr', ...form });

  it('is made, kept under their name, mailed to nobody, and written down', async () => {
    const { status, location } = await wish(operator, {}, '/en/rapports');
    const row = await latest();
    expect([status, location]).toEqual([303, `/en/rapports/${row?.id ?? 0}`]);
    expect(row).toMatchObject({ kind: 'daily', facility: null, origin: 'person', author: 'Camille Essai' });
    expect(await lab.store.read((tx) => tx.reports.mails.of(row?.id ?? 0))).toEqual([]);
    const lines = await lab.store.read((tx) => tx.audit.walk(0, 1000));
    expect(lines.at(-1)).toMatchObject({ action: 'report.make', subject: String(row?.id), facility: null });
    // Again, as often as one likes: the schedule alone makes each once.
    await wish(operator, {});
    expect((await latest())?.id).toBe((row?.id ?? 0) + 1);
  });

  it('may hold any day of its week or month', async () => {
    await wish(operator, { type: 'weekly', jour: '2026-11-18', langue: 'en' });
    const week = await latest();
    expect([week?.from, week?.to]).toEqual([kept[0]?.from, kept[0]?.to]);
    await wish(operator, { type: 'monthly', jour: '2026-11-18', langue: 'en' });
    const month = await latest();
    expect((month?.to ?? 0) - (month?.from ?? 0) + 1).toBe(30);
    const { text } = await lab.get(`/rapports/${month?.id ?? 0}`, operator);
    expect(text).toContain('Monthly quality and activity report, November 2026');
    expect(text).toContain('Files received');
    // Of the days to come and of those before anything was connected, nothing is drawn as zero.
    expect(text).toContain('class="none"');
  });

  it('by a hospital is of its own facility, and of no other and not of the region', async () => {
    const { status } = await wish(hospitalOf(0), { etablissement: finessOf(0) });
    expect(status).toBe(303);
    expect(await latest()).toMatchObject({ facility: finessOf(0), origin: 'person' });
    const before = await latest();
    for (const etablissement of ['', finessOf(1), '990000999'])
      expect((await wish(hospitalOf(0), { etablissement })).status).toBe(404);
    expect(await latest()).toEqual(before);
    for (const profile of ['read-only', 'auditor', 'agency', 'health-professional'] as const)
      expect((await wish(viewerAs(profile), {})).status).toBe(404);
  });

  it('of a time to come, or that is none, is refused beside the form, which keeps what was chosen', async () => {
    for (const jour of ['2026-11-24', 'hier']) {
      const { status, text } = await wish(operator, { jour });
      expect(status).toBe(422);
      expect(text).toContain('role="alert"');
      expect(text).toContain(`value="${jour}"`);
      expect(text).toContain('<option value="daily" selected>');
    }
    expect((await wish(operator, { etablissement: '990000999' })).text).toContain('990000999 inconnu');
  });

  it('of a period of which nothing came says so', async () => {
    await wish(operator, { jour: '2025-03-04' });
    const { text } = await lab.get(`/rapports/${(await latest())?.id ?? 0}`, operator);
    expect(text).toContain('Ce n’est pas une activité nulle');
  });

  it('comes one at a time', async () => {
    const both = await Promise.all([wish(operator, { type: 'weekly' }), wish(operator, { type: 'weekly' })]);
    expect(both.map(({ status }) => status).sort()).toEqual([303, 422]);
    expect(both.some(({ text }) => text.includes('Un autre rapport est en cours'))).toBe(true);
    expect((await wish(operator, {})).status).toBe(303);
  });

  it('is refused after a hundred within a day, and made again the day after', async () => {
    const row = await latest();
    const again = row ?? expect.fail();
    const made = await lab.store.read((tx) => tx.reports.stored.wishedSince(now - 86_400_000));
    await lab.store.transaction(async (tx) => {
      for (let count = made; count < 100; count += 1) await tx.reports.stored.add(again, {}, []);
    });
    const { status, text } = await wish(operator, {});
    expect([status, text.includes('100 rapports')]).toEqual([422, true]);
    lab.clock.advance(86_400_001);
    expect((await wish(operator, {})).status).toBe(303);
  });
});

describe('the syndromic groups', () => {
  const set = (groupes: string, motif = 'Saison d’hiver') =>
    lab.post('/rapports/groupes', administrator, { groupes, motif });
  const textOf = async (): Promise<string> => {
    const { text } = await lab.get('/rapports/groupes', administrator);
    const shown = /<textarea[^>]*>\n?([\s\S]*?)<\/textarea>/.exec(text)?.[1] ?? '';
    return shown
      .replaceAll('&#39;', "'")
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&amp;', '&');
  };

  it('are shown to whoever reads reports, and edited by administrators alone', async () => {
    const { text } = await lab.get('/rapports/groupes', hospitalOf(0));
    expect(text).toContain('J09-J18');
    expect(text).not.toContain('<textarea');
    expect((await lab.get('/rapports', administrator)).text).toContain('Voir et modifier les groupes');
    expect((await lab.post('/rapports/groupes', operator, { groupes: 'x', motif: 'x' })).status).toBe(404);
  });

  it('come as a text that can be given back, and become a version with its reason', async () => {
    const own = await textOf();
    expect((await set(own)).status).toBe(303);
    expect(await lab.store.read((tx) => tx.reports.syndromes.history())).toEqual([]);
    expect((await set(own.replace('J09-J18', 'J09-J17'))).status).toBe(303);
    const [version] = await lab.store.read((tx) => tx.reports.syndromes.history());
    expect(version).toMatchObject({ version: 1, person: 'Camille Essai', reason: 'Saison d’hiver' });
    expect((await lab.get('/rapports/groupes', operator)).text).toContain('Saison d’hiver');
    expect(await textOf()).toContain('J09-J17');
  });

  it('with faults are refused with their lines, and nothing typed is lost', async () => {
    const wrong = 'groups:\n  - id: Grippe\n    codes: [J9]\n    <b>: 1\n';
    const { status, text } = await set(wrong);
    expect(status).toBe(422);
    expect(text).toMatch(/ligne 2/);
    expect(text).toContain('codes: [J9]');
    expect(text).toContain('&lt;b&gt;: 1');
    const empty = await set(await textOf().then((own) => own.replace('J09-J17', 'J09-J16')), '');
    expect([empty.status, empty.text.includes('Un motif est nécessaire')]).toEqual([422, true]);
    expect(await lab.store.read((tx) => tx.reports.syndromes.history())).toHaveLength(1);
  });
});
