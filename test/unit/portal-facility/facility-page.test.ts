import { afterEach, describe, expect, it } from 'vitest';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import { viewerAs } from '../../support/portal/portal-lab.ts';
import { agent, hourMs } from '../apply/rig.ts';
import { feed, foreign, now, openFacilityLab, own, today, yesterday, type FacilityLab } from './kit.ts';

const operator = viewerAs('regional-operator');
const path = `/etablissements/${own}`;
const name = 'CH de Montrevel';

let lab: FacilityLab;
afterEach(() => lab.close());

/** A facility with a year of habits and a fortnight of exports, `last` included. */
async function habitual(
  last: Day,
  options: Parameters<typeof openFacilityLab>[0] & { readonly days?: Readonly<Record<number, number>> } = {},
): Promise<void> {
  lab = await openFacilityLab(options);
  await lab.remember((today - 400) as Day, (today - 15) as Day, () => 100);
  for (let day = (today - 14) as Day; day <= last; day = (day + 1) as Day)
    await lab.send(day, [options.days?.[today - day] ?? 100]);
  await lab.heartbeat();
}
const page = async (query = '', viewer = operator): Promise<string> =>
  (await lab.get(`${path}${query}`, viewer)).text;
const sentence = (text: string): string => /<h1>(.*?)<\/h1>/s.exec(text)?.[1] ?? '';
const lede = (text: string): string => /<p class="lede">(.*?)<\/p>/s.exec(text)?.[1] ?? '';

describe('the page of a facility', () => {
  it('says that it transmits normally, with its last file', async () => {
    await habitual(yesterday);
    const text = await page();
    expect(sentence(text)).toBe(`${name} transmet normalement.`);
    expect(lede(text)).toBe('Dernier fichier reçu à 02:00\u00a0: 100 passages du 19 nov.');
    expect(text).toContain('100 passages pour 100 attendus');
    expect(text).toContain('aria-label="14 reçus"');
    expect((await lab.get(`/en${path}`, operator)).text).toContain(`<h1>${name} transmits normally.</h1>`);
  });

  it('says since when nothing comes, and that its agent answers', async () => {
    await habitual((today - 4) as Day);
    const text = await page();
    expect(sentence(text)).toBe(`${name} ne transmet plus depuis mardi 17.`);
    expect(lede(text)).toContain('L’agent répond');
    expect(text).toContain('aria-label="11 reçus, 3 silences"');
  });

  it('says of one silent day which, and of an agent that is gone since when', async () => {
    await habitual((today - 2) as Day);
    await lab.heartbeat(now - 9 * hourMs);
    const text = await page();
    expect(sentence(text)).toBe(`${name} n’a rien transmis pour jeudi 19.`);
    expect(lede(text)).toMatch(/^Agent injoignable depuis hier 22:30\./);
    expect(text).toContain('il y a 9\u202fh');
  });

  it('says that a day is abnormally low', async () => {
    await habitual(yesterday, { days: { 1: 30 } });
    const text = await page();
    expect(sentence(text)).toBe(`${name} a transmis anormalement peu de passages pour jeudi 19.`);
    expect(text).toContain('30 passages pour 100 attendus');
  });

  it('says that a day came late, and in part', async () => {
    await habitual((today - 2) as Day);
    await lab.send(yesterday, [100], 6);
    expect(sentence(await page())).toBe(`${name} a transmis jeudi 19 en retard.`);
    await lab.close();
    await habitual((today - 2) as Day);
    // Taken in the evening: the night is missing.
    await lab.send(yesterday, [80], -3);
    expect(sentence(await page())).toBe(`${name} a transmis jeudi 19 en partie seulement.`);
  });

  it('says that a decision is awaited', async () => {
    await habitual(yesterday);
    await lab.send(yesterday, [20], 3);
    const text = await page();
    expect(sentence(text)).toBe(`${name} attend une décision pour jeudi 19.`);
    expect(text).toContain('Retenu');
    expect(text).toContain('À décider');
  });

  it('says that older days remain, when the latest one is whole', async () => {
    await habitual(yesterday, { days: { 5: 20 } });
    expect(sentence(await page())).toBe(
      `${name} transmet, mais un jour reste à compléter\u00a0: dimanche 15.`,
    );
    await lab.close();
    await habitual(yesterday, { days: { 5: 20, 6: 20 } });
    expect(sentence(await page())).toBe(`${name} transmet, mais 2 jours restent à compléter.`);
  });

  it('says what was declared: closed, or running on paper', async () => {
    for (const [kind, said] of [
      ['closed', 'est déclaré fermé.'],
      ['degraded', 'est déclaré en mode dégradé.'],
    ] as const) {
      await habitual((today - 2) as Day);
      await lab.store.transaction((tx) =>
        tx.notices.add({
          ...{ facility: own, kind, from: yesterday, to: yesterday, reason: 'travaux', person: 'x', at: 1 },
        }),
      );
      expect(sentence(await page())).toBe(`${name} ${said}`);
      if (kind === 'closed') await lab.close();
    }
  });

  it('tells an agent that is gone from files that came', async () => {
    await habitual(yesterday);
    await lab.heartbeat(now - 3 * hourMs);
    expect(sentence(await page())).toBe(`${name} a tout transmis, mais son agent ne répond plus.`);
  });

  it('says what lacks before the first file: the agent, its installation, its export', async () => {
    lab = await openFacilityLab({ withoutAgent: true });
    const text = await page();
    expect(sentence(text)).toBe(`${name} n’est pas encore raccordé.`);
    expect(text).toContain('Aucun agent n’est rattaché à cet établissement.');
    expect(lede(text)).toContain('créer un code d’installation');
    await lab.store.transaction((tx) =>
      tx.agents.put({ id: agent, name: 'A', status: 'invited', facilities: [own], createdAt: 1 }),
    );
    const invited = await page();
    expect(invited).toContain('Pas encore installé');
    expect(lede(invited)).toContain('il n’a pas encore été installé');
  });

  it('shows each of several agents, the one that fares worst for all', async () => {
    await habitual(yesterday);
    const second = agent.replace(/1$/, '2');
    await lab.store.transaction((tx) =>
      tx.agents.put({
        id: second,
        name: 'Poste de secours',
        status: 'active',
        facilities: [own],
        createdAt: 1,
      }),
    );
    await lab.heartbeat(now, {
      ...{ paused: 'disk-full', pausedSince: now - hourMs, freeDiskBytes: 5e8, clockOffsetMs: -300_000 },
      feeds: [{ feed, epoch: 1, seq: 1, pending: 1200, oldestPendingAt: now - 5 * hourMs }],
    });
    const text = await page();
    expect(text).toContain('<h3>Poste de secours');
    expect(text).toMatch(/L’agent répond<\/h2><div class="right"><span class="b silent">/);
    expect(text).toContain('1\u202f200\u00a0plis, depuis 02:30');
    expect(text).toContain('500\u202fMo libres');
    expect(text).toContain('en pause (disk-full), depuis 06:30');
    expect(text).toContain('en retard de 5\u202fmin');
  });

  it('takes what an agent of another version says, and nothing of what cannot be read', async () => {
    await habitual(yesterday);
    for (const body of ['{"version":"9","feeds":"?"}', '{"unheard":1}', '{}']) {
      await lab.store.transaction((tx) => tx.agents.putHeartbeat(agent, now, body));
      expect(await page()).toContain('Dernier contact');
    }
  });

  it('has a section for each feed, the daily one first', async () => {
    await habitual(yesterday);
    await lab.store.transaction((tx) =>
      tx.records.putPart({ facility: own, feed: 'bed-availability', part: '0', agent, source: 'beds' }),
    );
    const text = await page();
    expect(text.indexOf('Passages reçus et attendus')).toBeLessThan(text.indexOf('Lits disponibles'));
    expect(text).toMatch(/toutes les \d+ min/);
  });

  it('draws thirty days, ninety or a year, and the table says the numbers of the drawing', async () => {
    await habitual(yesterday, { days: { 3: 40, 7: 131 } });
    for (const [query, days] of [
      ['', 30],
      ['?jours=90', 90],
      ['?jours=365', 365],
      ['?jours=12', 30],
    ] as const) {
      const text = await page(query);
      const details = /<details class="tbl">.*?<\/details>/s.exec(text)?.[0] ?? '';
      const cells = [...details.matchAll(/<th scope="row">.*?<td class="num">(.*?)<td class="num">/gs)];
      expect(cells).toHaveLength(days);
      const chart = /<svg class="chart wide".*?<\/svg>/s.exec(text)?.[0] ?? '';
      const bars = [...chart.matchAll(/class="b[kl]" d="([^"]*)"/g)].flatMap(([, path = '']) =>
        [...path.matchAll(/M([\d.]+) 196V([\d.]+)h/g)].map(([, x, y]) => [Number(x), Number(y)] as const),
      );
      const drawn = bars
        .toSorted(([one], [other]) => one - other)
        .map(([, y]) => Math.round(((196 - y) / 186) * 150));
      const said = cells.map(([, count]) => Number(count)).filter((count) => count > 0);
      expect(drawn).toEqual(said.toReversed());
    }
  });

  it('is missing for a hospital that it is not, and for a FINESS that is none', async () => {
    await habitual(yesterday);
    const neighbour = viewerAs('hospital-admin', { facilities: new Set([foreign]) });
    const answer = await lab.get(path, neighbour);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain(name);
    expect((await lab.get('/etablissements/990000036', operator)).status).toBe(404);
    expect((await lab.get('/etablissements/nothing', operator)).status).toBe(404);
    expect((await lab.get(path, viewerAs('agency'))).status).toBe(404);
    const hospital = await lab.get(path, viewerAs('hospital-admin', { facilities: new Set([own]) }));
    expect(hospital.status).toBe(200);
    // A hospital has no list of others to go back to.
    expect(hospital.text).not.toContain('href="/etablissements"');
  });

  it('shows a hostile name as text', async () => {
    await habitual(yesterday, { name: '<script>alert(1)</script>"\'&' });
    const text = await page();
    expect(text).not.toContain('<script>alert');
    expect(sentence(text)).toBe(
      '&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp; transmet normalement.',
    );
  });
});
