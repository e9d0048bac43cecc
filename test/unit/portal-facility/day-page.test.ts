import { afterEach, describe, expect, it } from 'vitest';
import { dayToIso, instantOf, type Day } from '../../../shared/runtime/paris-time.ts';
import { viewerAs } from '../../support/portal/portal-lab.ts';
import { agent, hourMs } from '../apply/rig.ts';
import { dayAt } from '../calendar/kit.ts';
import { foreign, now, openFacilityLab, own, today, yesterday, type FacilityLab } from './kit.ts';

const operator = viewerAs('regional-operator');
let lab: FacilityLab;
afterEach(() => lab.close());

async function habitual(last: Day, options: Parameters<typeof openFacilityLab>[0] = {}): Promise<void> {
  lab = await openFacilityLab(options);
  await lab.remember((today - 400) as Day, (today - 15) as Day, () => 100);
  for (let day = (today - 14) as Day; day <= last; day = (day + 1) as Day) await lab.send(day, [100]);
  await lab.heartbeat();
}
const pathOf = (day: Day): string => `/etablissements/${own}/jours/${dayToIso(day)}`;
const page = async (day: Day, viewer = operator): Promise<string> =>
  (await lab.get(pathOf(day), viewer)).text;
const sentence = (text: string): string => /<h1>(.*?)<\/h1>/s.exec(text)?.[1] ?? '';
/** Names and counts of the hours, as the table says them. */
const hoursOf = (text: string): readonly (readonly [string, string])[] => {
  const table =
    /<table class="tab"><caption class="sr">Passages par heure.*?<\/table>/s.exec(text)?.[0] ?? '';
  return [...table.matchAll(/<th scope="row">(.*?)<\/th><td class="num">(.*?)<\/td>/g)].map(
    ([, name = '', count = '']) => [name, count] as const,
  );
};

describe('the page of a day', () => {
  it('says what is held, when it came, and which file brought it', async () => {
    await habitual(yesterday);
    const text = await page(yesterday);
    expect(sentence(text)).toBe('Jeudi 19 novembre 2026\u00a0: 100 passages, à l’heure.');
    expect(text).toContain('100 (100 à 100)');
    expect(text).toContain('Fichiers qui ont touché ce jour');
    const [row] = /<tbody>.*?<\/tbody>/s.exec(text.slice(text.indexOf('<caption>Fichiers')))?.slice(0) ?? [];
    expect(row).toContain('19 nov.');
    expect(row).toMatch(/data-l="conservés de ce fichier">100</);
    expect(text).toContain(`href="/etablissements/${own}/jours/2026-11-18"`);
    expect(text).toContain(`href="/etablissements/${own}/jours/2026-11-20"`);
  });

  it('tells each state in its sentence', async () => {
    await habitual((today - 3) as Day);
    await lab.send((today - 2) as Day, [30]);
    const told = async (day: Day): Promise<string> => sentence(await page(day)).replace(/^.*?\u00a0: /, '');
    expect(await told((today - 2) as Day)).toBe('30 passages, anormalement peu.');
    expect(await told(yesterday)).toBe('rien n’est arrivé.');
    expect(await told(today)).toBe('rien n’est encore attendu.');
    expect(await told((today + 3) as Day)).toBe('ce jour n’est pas passé.');
    expect(await told((today - 100) as Day)).toBe('l’établissement n’était pas encore raccordé.');
    await lab.send(yesterday, [60], -3);
    expect(await told(yesterday)).toBe('60 passages, et le jour n’est pas complet.');
    await lab.send(yesterday, [100], 6);
    expect(await told(yesterday)).toBe('100 passages, en retard.');
    await lab.send(yesterday, [20], 7);
    expect(await told(yesterday)).toBe('100 passages, une décision est attendue.');
  });

  it('links the decision that it awaits', async () => {
    await habitual(yesterday);
    const id = await lab.send(yesterday, [20], 3);
    const text = await page(yesterday);
    expect(text).toContain('Un fichier efface 80 passages de ce jour.');
    expect(text).toContain(`href="/lots/${id}"`);
  });

  it('shows what each destination has, and its answer', async () => {
    await habitual(yesterday);
    await lab.store.transaction(async (tx) => {
      const [row] = await tx.dispatches.inForce(own, 'ed-visits', [yesterday]);
      const common = { attempts: 1, nextAttemptAt: 0, code: null };
      const id = row?.id ?? 0;
      const sentAt = now - 4 * hourMs;
      await tx.dispatches.setDelivery(id, ['waiting'], { ...common, state: 'sending', changedAt: sentAt });
      await tx.dispatches.setDelivery(id, ['sending'], {
        ...common,
        state: 'sent',
        changedAt: sentAt,
        sentAt,
      });
      await tx.dispatches.setDelivery(id, ['sent'], {
        ...{ ...common, state: 'acknowledged', changedAt: now - 3 * hourMs, reference: 'SPF-1' },
      });
    });
    const text = await page(yesterday);
    const row = text.slice(text.indexOf('<caption>Ce que les destinations'));
    expect(row).toContain('national');
    expect(row).toContain('Accusé');
    expect(row).toContain('03:30');
    expect(row).toContain('04:30');
    expect(row).toContain('SPF-1');
  });

  it('marks hours that are empty and are not as a rule', async () => {
    await habitual((today - 2) as Day);
    // Taken at 01:00, and yet its last third is missing.
    const to = instantOf(today, hourMs).at;
    const bodies = Array.from({ length: 60 }, (_none, n) => {
      const hour = String(Math.floor(n / 4)).padStart(2, '0');
      const text = `19/11/2026 ${hour}:${String((n % 4) * 15).padStart(2, '0')}`;
      return JSON.stringify({
        facility: own,
        sex: 'F',
        arrivedAt: { text, at: instantOf(yesterday, 0).at + n * 900_000 },
      });
    });
    lab.rig.clock.set(to);
    const window = { from: '2026-11-19', to: '2026-11-19' };
    await lab.rig.send({ bodies, manifest: { window, extract: { text: 'x', at: to } } });
    const text = await page(yesterday);
    expect(sentence(text)).toContain('le jour n’est pas complet');
    expect(text).toMatch(/Aucun de 15 h à 24 h, d’habitude 3\d/);
    expect(text).toContain('15 h – 24 h');
    const chart = /<svg class="chart wide".*?<\/svg>/s.exec(text)?.[0] ?? '';
    expect(chart.match(/class="bs" d="([^"]*)"/)?.[1]?.match(/M/g)).toHaveLength(9);
    expect(hoursOf(text).reduce((sum, [, count]) => sum + Number(count), 0)).toBe(60);
  });

  it('has 25 hours on the day when the clock goes back, and 23 when it goes on', async () => {
    const back = dayAt('2026-10-25');
    lab = await openFacilityLab({ startAt: instantOf((back + 1) as Day, 8 * hourMs).at });
    const start = instantOf(back, 0).at;
    // One visit in each of the 25 hours that pass.
    const bodies = Array.from({ length: 25 }, (_none, n) => {
      const text = `25/10/2026 ${String(n < 3 ? n : n - 1).padStart(2, '0')}:30`;
      return JSON.stringify({ facility: own, sex: 'F', arrivedAt: { text, at: start + (n + 0.5) * hourMs } });
    });
    const at = instantOf((back + 1) as Day, hourMs).at;
    lab.rig.clock.set(at);
    const window = { from: '2026-10-25', to: '2026-10-25' };
    await lab.rig.send({ bodies, manifest: { window, extract: { text: 'x', at } } });
    const text = await page(back);
    expect(text).toContain('Jour de 25 heures');
    const hours = hoursOf(text);
    expect(hours).toHaveLength(25);
    expect(hours.slice(1, 5).map(([name]) => name)).toEqual([
      '01\u202fh',
      '02\u202fh',
      '02\u202fh (bis)',
      '03\u202fh',
    ]);
    expect(hours.every(([, count]) => count === '1')).toBe(true);
    const on = await page(dayAt('2026-03-29'));
    expect(on).toContain('Jour de 23 heures');
    expect(
      hoursOf(on)
        .slice(1, 3)
        .map(([name]) => name),
    ).toEqual(['01\u202fh', '03\u202fh']);
  });

  it('tells how its state changed, and of each part', async () => {
    await habitual((today - 2) as Day);
    await lab.watch();
    await lab.send(yesterday, [100], 6);
    await lab.watch();
    const text = await page(yesterday);
    expect(text).toContain('silence → tardif');
    expect(text).toMatch(/<caption>Parties<\/caption>.*<th scope="row">0<\/th><td class="num">100</s);
  });

  it('shows another feed where the facility has one, and only there', async () => {
    await habitual(yesterday);
    expect((await lab.get(`${pathOf(yesterday)}?flux=bed-availability`, operator)).status).toBe(404);
    await lab.store.transaction((tx) =>
      tx.records.putPart({ facility: own, feed: 'bed-availability', part: '0', agent, source: 'beds' }),
    );
    const answer = await lab.get(`${pathOf(yesterday)}?flux=bed-availability`, operator);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('aria-current="true">Lits disponibles');
  });

  it('is missing for another hospital, for an agency, and for what is no day', async () => {
    await habitual(yesterday);
    const neighbour = viewerAs('hospital-admin', { facilities: new Set([foreign]) });
    const answer = await lab.get(pathOf(yesterday), neighbour);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('Montrevel');
    expect((await lab.get(pathOf(yesterday), viewerAs('agency'))).status).toBe(404);
    expect((await lab.get(`/etablissements/${own}/jours/2026-02-31`, operator)).status).toBe(404);
    expect((await lab.get(`/etablissements/${own}/jours/hier`, operator)).status).toBe(404);
    const hospital = viewerAs('hospital-admin', { facilities: new Set([own]) });
    expect((await lab.get(pathOf(yesterday), hospital)).status).toBe(200);
  });

  it('shows no value of a record', async () => {
    await habitual(yesterday);
    const text = await page(yesterday);
    expect(text).not.toMatch(/01\/01\/19|birthDate|"sex"/);
  });
});
