import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PortalLab } from '../../support/portal/portal-lab.ts';
import {
  agency,
  beatBody,
  agent,
  careLab,
  day,
  hospital,
  hostile,
  operator,
  other,
  own,
  reader,
  startAt,
} from './lab.ts';

let lab: PortalLab;
beforeAll(async () => {
  lab = await careLab((store) =>
    store.transaction((tx) => tx.agents.putHeartbeat(agent, startAt - 30_000, beatBody(true))),
  );
});
afterAll(() => lab.close());

const paths = ['contacts', 'notes', 'fermeture', 'degrade', 'renvoi', 'transport'];
const at = (page: string, facility = own): string => `/etablissements/${facility}/${page}`;

describe('the care of a facility', () => {
  it.each(paths)('shows its page "%s" in both languages, with one heading', async (page) => {
    for (const prefix of ['', '/en']) {
      const { status, text } = await lab.get(`${prefix}${at(page)}`, operator);
      expect(status).toBe(200);
      expect(text.match(/<h1>/g)).toHaveLength(1);
      expect(text).not.toMatch(/undefined|\{\w+\}/);
    }
  });

  it.each(paths)('"%s" of another’s facility, or for an agency, is as if it did not exist', async (page) => {
    expect((await lab.get(at(page, other), hospital)).status).toBe(404);
    expect((await lab.get(at(page), agency)).status).toBe(404);
    expect((await lab.get(at(page, '990000999'), operator)).status).toBe(404);
    const form = {
      geste: 'ajouter',
      role: 'x',
      phone: '03',
      note: 'x',
      from: '2026-11-20',
      to: '2026-11-20',
    };
    if (page !== 'transport') {
      expect((await lab.post(at(page, other), hospital, form)).status).toBe(404);
      expect((await lab.post(at(page), reader, form)).status).toBe(404);
    }
    expect(await lab.store.read((tx) => tx.care.contacts.of(other))).toEqual([]);
    expect(await lab.store.read((tx) => tx.care.closures.of(other, 9))).toEqual([]);
  });

  it('lets those who only read see contacts, notes and declarations, and no form', async () => {
    for (const page of ['contacts', 'notes', 'fermeture', 'degrade']) {
      const { status, text } = await lab.get(at(page), reader);
      expect(status).toBe(200);
      expect(text).not.toContain('name="reason"');
      expect(text).not.toContain('name="role"');
    }
    expect((await lab.get(at('renvoi'), reader)).status).toBe(404);
  });

  it('keeps what was typed when something of it cannot be kept, and says what', async () => {
    const { status, text } = await lab.post(at('contacts'), hospital, {
      ...{ geste: 'ajouter', role: hostile, name: 'Ferrand', phone: 'appelle-moi', email: '' },
    });
    expect(status).toBe(422);
    expect(text).toContain('Ce numéro de téléphone ne peut pas être composé');
    expect(text).toContain('value="appelle-moi"');
    expect(text).toContain('aria-invalid="true"');
    expect(text).not.toContain('<script>alert');
  });

  it('writes hostile texts as texts', async () => {
    const text = `${hostile}\n${hostile}`;
    expect((await lab.post(at('notes'), hospital, { note: text })).status).toBe(303);
    const shown = await lab.get(at('notes'), operator);
    expect(shown.text).not.toContain('<script>alert');
    expect(shown.text).toContain('&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&#39;&amp;');
    expect(await lab.store.read((tx) => tx.care.notes.of(own, 1))).toMatchObject([
      { text, author: hospital.name },
    ]);
    expect((await lab.post(at('notes'), hospital, { note: 'x'.repeat(2001) })).status).toBe(422);
  });

  it('calls contacts in the order that was chosen', async () => {
    for (const [role, phone] of [
      ['TIM', '09 99 00 21 30'],
      ['Astreinte', '+33 9 99 00 21 14'],
    ] as const)
      expect(
        (await lab.post(at('contacts'), hospital, { geste: 'ajouter', role, phone, name: '', email: '' }))
          .status,
      ).toBe(303);
    const before = await lab.store.read((tx) => tx.care.contacts.of(own));
    expect(before.map(({ role, order }) => `${order} ${role}`)).toEqual(['1 TIM', '2 Astreinte']);
    await lab.post(at('contacts'), operator, { geste: 'premier', id: String(before[1]?.id) });
    const after = await lab.store.read((tx) => tx.care.contacts.of(own));
    expect(after.map(({ role, order }) => `${order} ${role}`)).toEqual(['1 Astreinte', '2 TIM']);
    const { text } = await lab.get(at('contacts'), reader);
    expect(text).toContain('href="tel:+33999002114"');
    await lab.post(at('contacts'), operator, { geste: 'retirer', id: String(before[0]?.id) });
    expect((await lab.store.read((tx) => tx.care.contacts.of(own))).map(({ role }) => role)).toEqual([
      'Astreinte',
    ]);
  });

  it('declares a closure, wakes the watching, and withdraws it', async () => {
    const woken = lab.changes();
    const dates = { flux: '', from: '2026-11-18', to: '2026-11-19' };
    expect((await lab.post(at('fermeture'), hospital, { ...dates, reason: '' })).status).toBe(422);
    expect((await lab.post(at('fermeture'), hospital, { ...dates, reason: 'travaux' })).status).toBe(303);
    expect(lab.changes()).toBe(woken + 1);
    const [closure] = await lab.store.read((tx) => tx.care.closures.of(own, 9));
    expect(closure).toMatchObject({ reason: 'travaux', feed: null, by: hospital.name });
    await lab.post(at('fermeture'), operator, { geste: 'annuler', id: String(closure?.id) });
    expect(
      await lab.store.read((tx) => tx.care.closures.during(day('2026-11-01'), day('2026-11-30'))),
    ).toEqual([]);
  });
});

describe('days asked for again', () => {
  it('are shown with what is held of them before anything is asked', async () => {
    const { text } = await lab.get(`${at('renvoi')}?du=2026-11-10&au=2026-11-12`, hospital);
    expect(text).toContain('Demander 3 jours à CH de Montrevel');
    expect(text).toContain('montrevel');
    expect(text).toContain('name="reason"');
    expect(await lab.store.read((tx) => tx.care.requests.of(own, 9))).toEqual([]);
  });

  it('are stored with a reason, once, and followed', async () => {
    const days = { du: '2026-11-10', au: '2026-11-12', geste: 'confirmer' };
    expect((await lab.post(at('renvoi'), hospital, { ...days, reason: ' ' })).status).toBe(422);
    const asked = await lab.post(at('renvoi'), hospital, { ...days, reason: 'jour vide' });
    expect(asked).toMatchObject({ status: 303, location: `/rattrapage#${own}` });
    const again = await lab.post(at('renvoi'), hospital, { ...days, reason: 'jour vide' });
    expect(again.status).toBe(422);
    expect(again.text).toContain('déjà demandés');
    const followed = await lab.get('/rattrapage', hospital);
    expect(followed.text).toContain('Un jour manque.');
    expect(followed.text).toContain('jour vide');
    const audit = await lab.store.read((tx) => tx.audit.head());
    expect(audit).toBeDefined();
  });

  it.each([
    ['too many days', '2026-09-01', '2026-11-01', /62 jours, c’est trop/],
    ['days to come', '2026-11-19', '2026-11-21', /pas encore passé/],
    ['the wrong way round', '2026-11-19', '2026-11-10', /vient après/],
    ['no day', 'demain', '2026-11-10', /ne se lit pas/],
  ])('are refused in words: %s', async (_name, du, au, words) => {
    const { status, text } = await lab.post(at('renvoi'), operator, { du, au });
    expect(status).toBe(422);
    expect(text).toMatch(words);
  });

  it('of another’s facility are nobody’s to see or withdraw', async () => {
    const stranger = { ...hospital, facilities: new Set([other]) };
    const { text } = await lab.get('/rattrapage', stranger);
    expect(text).toContain('Aucun jour ne manque.');
    expect(text).not.toContain('Montrevel');
    const [request] = await lab.store.read((tx) => tx.care.requests.of(own, 1));
    expect((await lab.post('/rattrapage', stranger, { finess: own, id: String(request?.id) })).status).toBe(
      404,
    );
    const forged = await lab.post('/rattrapage', stranger, { finess: other, id: String(request?.id) });
    expect(forged.status).toBe(422);
    expect((await lab.post('/rattrapage', hospital, { finess: own, id: String(request?.id) })).status).toBe(
      303,
    );
    expect(await lab.store.read((tx) => tx.care.requests.get(request?.id ?? 0))).toMatchObject({
      state: 'withdrawn',
    });
  });
});

describe('days on paper', () => {
  it('are declared, counted by hand, compared and ended', async () => {
    const count = { geste: 'compter', flux: 'ed-visits', day: '2026-11-19', count: '44' };
    expect((await lab.post(at('degrade'), hospital, count)).status).toBe(422);
    const start = { geste: 'declarer', from: '2026-11-18', reason: 'panne du logiciel' };
    expect((await lab.post(at('degrade'), hospital, start)).status).toBe(303);
    expect((await lab.post(at('degrade'), hospital, start)).status).toBe(422);
    expect((await lab.post(at('degrade'), hospital, count)).status).toBe(303);
    const { text } = await lab.get(at('degrade'), operator);
    expect(text).toContain('4 de moins reçus');
    expect((await lab.post(at('degrade'), hospital, { ...count, count: '-1' })).status).toBe(422);
    const end = { geste: 'terminer', to: '2026-11-20', reason: 'revenu' };
    expect((await lab.post(at('degrade'), hospital, end)).status).toBe(303);
    expect((await lab.get(at('degrade'), operator)).text).toContain('2 des 3 jours sont arrivés');
  });

  it('counts by hand are in no total of visits', async () => {
    const [from, to] = [day('2026-11-19'), day('2026-11-19')];
    const found = await lab.store.read(async (tx) => ({
      hand: await tx.care.handCounts.of(own, from, to),
      watched: await tx.watch.counts(own, 'ed-visits', from, to),
      held: await tx.records.countsByDay(own, 'ed-visits', from, to),
    }));
    expect(found.hand).toMatchObject([{ count: 44 }]);
    expect(found.watched).toMatchObject([{ count: 40 }]);
    expect(found.held).toMatchObject([{ count: 40 }]);
  });
});
