import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pauseOf } from '../../../receiver/forward/pause.ts';
import { claim } from '../../../receiver/forward/delivery/queue.ts';
import type { DeliveryState, DispatchRow } from '../../../receiver/store/dispatch-table.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { viewerAs } from '../../support/portal/portal-lab.ts';
import { day, dayMs, first, openBatchLab, second, visits, whole, type BatchLab } from './lab.ts';

const operator = viewerAs('regional-operator');
let lab: BatchLab;
beforeEach(async () => {
  lab = await openBatchLab();
});
afterEach(() => lab.close());

const plain = (text: string): string => text.replace(/<[^>]+>/g, '').replace(/[\u00a0\u202f]/g, ' ');
const heading = (text: string): string => plain(/<h1>([\s\S]*?)<\/h1>/.exec(text)?.[1] ?? '');
const dispatches = (destination = 'national'): Promise<readonly DispatchRow[]> =>
  lab.store.read((tx) => tx.listings.dispatches({ destination, before: 1e9, limit: 500 }));
const move = (id: number, state: DeliveryState, code: string | null = null) =>
  lab.store.transaction((tx) =>
    tx.dispatches.setDelivery(id, ['waiting', 'sending', 'sent', 'acknowledged', 'refused', 'dead'], {
      ...{ state, attempts: 1, nextAttemptAt: 0, changedAt: lab.clock.now(), code, sentAt: lab.clock.now() },
    }),
  );
const fact = (text: string, name: string): string =>
  plain(new RegExp(`<dt>${name}</dt><dd>([\\s\\S]*?)</dd>`).exec(text)?.[1] ?? '');
const actions = async (): Promise<readonly string[]> =>
  (await lab.store.read((tx) => tx.audit.walk(0, 100))).map(({ action }) => action);

describe('destinations', () => {
  it('say how each fares, in a word and a sentence', async () => {
    expect(heading((await lab.get('/destinations', operator)).text)).toBe(
      'Toutes les destinations sont à jour.',
    );
    const { receipt } = await lab.hospital.send(whole(1, 1, visits(3, 1)));
    const [row] = await dispatches();
    const id = row?.id ?? 0;
    const sentence = async (): Promise<string> =>
      heading((await lab.get('/destinations/national', operator)).text);
    expect(await sentence()).toBe('Santé publique a 1 fichier en route.');
    await move(id, 'refused', 'E1');
    expect(await sentence()).toBe('Santé publique a refusé 1 fichier.');
    expect(heading((await lab.get('/destinations', operator)).text)).toBe(
      'Santé publique a refusé 1 fichier.',
    );
    await move(id, 'dead', 'dispatch-set-aside');
    expect(await sentence()).toBe('Santé publique : 1 fichier mis de côté.');
    await move(id, 'sent');
    lab.clock.advance(25 * 3_600_000);
    expect(await sentence()).toBe('Santé publique n’a pas accusé 1 fichier après 24 h.');
    await move(id, 'acknowledged');
    expect(await sentence()).toBe('Santé publique a tout reçu.');
    expect(heading((await lab.get('/destinations/hebdo', operator)).text)).toMatch(
      /^hebdo attend son prochain envoi, lun\./,
    );
    expect(receipt.result).toBe('applied');
    const list = (await lab.get('/destinations', operator)).text;
    expect(list).toContain(
      'aria-label="1 jours accusés ou remis, 0 en cours, 0 avec refus ou mise de côté, 13 sans envoi"',
    );
  });

  it('are seen by the region, acted on by its operator, and unknown to anybody else', async () => {
    await lab.hospital.send(whole(1, 1, visits(3, 1)));
    const [row] = await dispatches();
    const file = `/destinations/national/fichiers/${row?.id ?? 0}`;
    for (const profile of ['read-only', 'auditor'] as const) {
      const viewer = viewerAs(profile);
      for (const path of ['/destinations', '/destinations/national', file]) {
        const { status, text } = await lab.get(path, viewer);
        expect(status, path).toBe(200);
        expect(text).not.toContain('method="post"');
      }
      for (const path of [
        '/destinations/national/suspension',
        '/destinations/national/essai',
        '/renvoi',
        file,
      ])
        expect((await lab.post(path, viewer, { motif: 'x', acte: 'ecarter' })).status).toBe(404);
    }
    for (const viewer of [
      viewerAs('agency', { destinations: new Set(['national']) }),
      viewerAs('hospital-admin', { facilities: new Set([first]) }),
      viewerAs('health-professional'),
    ])
      for (const path of ['/destinations', '/destinations/national', file, '/renvoi'])
        expect((await lab.get(path, viewer)).status).toBe(404);
    const reach = viewerAs('regional-operator', { destinations: new Set(['hebdo']) });
    expect((await lab.get('/destinations', reach)).text).not.toContain('Santé publique</a>');
    for (const path of [
      '/destinations/national',
      file,
      '/destinations/national/suspension',
      '/destinations/rien',
    ])
      expect((await lab.get(path, reach)).status, path).toBe(404);
    expect(
      (await lab.post('/destinations/national/suspension', reach, { motif: 'x', fin: '2099-01-01' })).status,
    ).toBe(404);
    expect(await actions()).toEqual([]);
  });

  it('pause with a reason and an end, and resume by themselves when it comes', async () => {
    await lab.hospital.send(whole(1, 1, visits(3, 1)));
    const path = '/destinations/national/suspension';
    const today = Math.floor(lab.clock.now() / dayMs);
    const last = dayToIso((today + 1) as typeof today & ReturnType<typeof day>);
    for (const form of [
      { motif: '', fin: last },
      { motif: 'travaux', fin: '' },
      { motif: 'travaux', fin: '2001-01-01' },
    ]) {
      const refused = await lab.post(path, operator, form);
      expect(refused.status).toBe(422);
      expect(refused.text).toContain('role="alert"');
    }
    expect((await lab.post(path, operator, { motif: 'travaux <b>', fin: last })).status).toBe(303);
    const shown = (await lab.get('/destinations/national', operator)).text;
    expect(heading(shown)).toMatch(/^Santé publique est suspendue par Camille Essai, jusqu’au /);
    expect(shown).toContain('travaux &lt;b&gt;');
    const deps = {
      name: 'national',
      ...lab,
      random: systemRandom,
      retry: { firstMs: 1, maxMs: 1, attempts: undefined },
      sign: async () => '',
    };
    expect(await claim(deps, undefined)).toEqual([]);
    expect((await lab.get(path, operator)).text).toContain('déjà suspendue');
    lab.clock.advance(2 * dayMs);
    expect(
      pauseOf(await lab.store.read((tx) => tx.destinations.get('national')), lab.clock.now()),
    ).toBeUndefined();
    expect(heading((await lab.get('/destinations/national', operator)).text)).not.toContain('suspendue');
    expect(await claim(deps, undefined)).toHaveLength(1);
    expect(await actions()).toEqual(['destination.suspend']);
  });

  it('resume when a person says so and why', async () => {
    const until = dayToIso((Math.floor(lab.clock.now() / dayMs) + 3) as ReturnType<typeof day>);
    await lab.post('/destinations/national/suspension', operator, { motif: 'travaux', fin: until });
    expect((await lab.post('/destinations/national/reprise', operator, { motif: '' })).status).toBe(422);
    expect((await lab.post('/destinations/national/reprise', operator, { motif: 'finis' })).status).toBe(303);
    expect((await lab.get('/destinations/national', operator)).text).not.toContain('est suspendue');
    // Once more does nothing, and writes nothing.
    await lab.post('/destinations/national/reprise', operator, { motif: 'finis' });
    expect(await actions()).toEqual(['destination.suspend', 'destination.resume']);
  });

  it('send again exactly what the preview showed, after a reason and a tick', async () => {
    await lab.hospital.send(whole(1, 2, [...visits(3, 1), ...visits(2, 2)]));
    await lab.other.send(whole(1, 1, visits(4, 1, second)));
    const [ofOther, ofFirst] = await dispatches();
    await move(ofFirst?.id ?? 0, 'acknowledged');
    await move(ofOther?.id ?? 0, 'refused', 'E1');
    const asked = { destination: 'national', du: dayToIso(day(1)), au: dayToIso(day(2)) };
    const text = (await lab.get(`/renvoi?${new URLSearchParams(asked).toString()}`, operator)).text;
    expect(heading(text)).toBe('Renvoyer 9 passages à Santé publique ?');
    expect(
      ['Établissements', 'Fichiers', 'Passages', 'Déjà accusés', 'Jamais remis'].map((name) =>
        fact(text, name),
      ),
    ).toEqual(['2', '2', '9', '5', '4']);
    const vu = /name="vu" value="([^"]+)"/.exec(text)?.[1] ?? '';
    expect((await dispatches()).length).toBe(2);
    const form = { ...asked, vu };
    for (const [given, fault] of [
      [{ ...form, motif: '' }, 'Dites pourquoi'],
      [{ ...form, motif: 'perdus' }, 'doublon possible'],
      [{ ...form, motif: 'perdus', doublon: 'oui', vu: '1' }, 'a changé depuis l’aperçu'],
    ] as const) {
      const refused = await lab.post('/renvoi', operator, given);
      expect([refused.status, plain(refused.text).includes(fault)], fault).toEqual([422, true]);
    }
    expect((await dispatches()).length).toBe(2);
    expect((await lab.post('/renvoi', operator, { ...form, motif: 'perdus', doublon: 'oui' })).status).toBe(
      303,
    );
    const sent = (await dispatches()).slice(0, -2);
    expect(sent.map(({ records }) => records).reduce((sum, each) => sum + each, 0)).toBe(9);
    expect([sent.length, new Set(sent.map(({ facility }) => facility)).size]).toEqual([2, 2]);
    const [line] = await lab.store.read((tx) => tx.audit.walk(0, 10));
    expect(line).toMatchObject({
      action: 'destination.resend',
      reason: 'perdus',
      actorName: 'Camille Essai',
    });
    expect(JSON.parse(line?.facts ?? '{}')).toMatchObject({ records: 9, acknowledged: 5, files: 2 });
    expect(lab.changes()).toBe(1);
  });

  it('are sent once what a form sent twice asks for', async () => {
    await lab.hospital.send(whole(1, 2, [...visits(3, 1), ...visits(2, 2)]));
    const asked = { destination: 'national', du: dayToIso(day(1)), au: dayToIso(day(2)) };
    const text = (await lab.get(`/renvoi?${new URLSearchParams(asked).toString()}`, operator)).text;
    const vu = /name="vu" value="([^"]+)"/.exec(text)?.[1] ?? '';
    const form = { ...asked, vu, motif: 'perdus', doublon: 'oui' };
    const both = await Promise.all([
      lab.post('/renvoi', operator, form),
      lab.post('/renvoi', operator, form),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([303, 422]);
    expect((await lab.post('/renvoi', operator, form)).status).toBe(422);
    expect(await actions()).toEqual(['destination.resend']);
  });

  it('can be sent only what they lack', async () => {
    await lab.hospital.send(whole(1, 2, [...visits(3, 1), ...visits(2, 2)]));
    await lab.other.send(whole(1, 1, visits(4, 1, second)));
    const [ofOther, ofFirst] = await dispatches();
    await move(ofFirst?.id ?? 0, 'acknowledged');
    await move(ofOther?.id ?? 0, 'refused', 'E1');
    const asked = { destination: 'national', du: dayToIso(day(1)), au: dayToIso(day(2)), quoi: 'manque' };
    const text = (await lab.get(`/renvoi?${new URLSearchParams(asked).toString()}`, operator)).text;
    expect(plain(text)).toContain('Envoyer les 4 passages qui manquent');
    const vu = /name="vu" value="([^"]+)"/.exec(text)?.[1] ?? '';
    expect((await lab.post('/renvoi', operator, { ...asked, vu, motif: 'refusés' })).status).toBe(303);
    const [sent, ...rest] = await dispatches();
    expect([sent?.records, sent?.facility, rest.length]).toEqual([4, second, 2]);
  });

  it('refuse a resend of no days, of too many, and to nobody', async () => {
    const ask = (query: Record<string, string>) =>
      lab.get(`/renvoi?${new URLSearchParams(query).toString()}`, operator);
    const days = { du: '2025-01-02', au: '2025-01-01' };
    expect((await ask({ destination: 'national', ...days })).text).toContain('dans l’ordre');
    expect((await ask({ destination: 'national', du: '2024-01-01', au: '2025-01-01' })).text).toContain(
      'Au plus 92 jours',
    );
    expect((await ask({ destination: 'rien', du: '2025-01-01', au: '2025-01-01' })).status).toBe(404);
    expect(
      heading((await ask({ destination: 'national', du: '2025-03-01', au: '2025-03-01' })).text),
    ).toContain('rien à renvoyer');
    expect((await ask({})).status).toBe(200);
  });

  it('have their files composed again, or set aside, with a reason', async () => {
    await lab.hospital.send(whole(1, 1, visits(3, 1)));
    const [row] = await dispatches();
    const path = `/destinations/national/fichiers/${row?.id ?? 0}`;
    expect((await lab.get(path, operator)).text).toContain('Mettre de côté');
    expect((await lab.post(path, operator, { acte: 'ecarter', motif: '' })).status).toBe(422);
    expect((await lab.post(path, operator, { acte: 'ecarter', motif: 'bloque' })).status).toBe(303);
    expect((await lab.get(path, operator)).text).toContain('Composer à nouveau');
    expect((await lab.post(path, operator, { acte: 'composer', motif: 'réparé' })).status).toBe(303);
    expect((await dispatches()).map(({ state, records }) => [state, records])).toEqual([
      ['waiting', 3],
      ['dead', 3],
    ]);
    // Only once.
    expect((await lab.post(path, operator, { acte: 'composer', motif: 'encore' })).status).toBe(422);
    expect(await actions()).toEqual(['dispatch.set-aside', 'dispatch.again']);
    expect((await lab.get('/destinations/agence/fichiers/1', operator)).status).toBe(404);
  });
});
