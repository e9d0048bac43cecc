import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { territoryOf } from '../../../receiver/pages/territory.ts';
import { frenchSpaces, numberWords } from '../../../receiver/pages/typeset.ts';
import { finess } from '../../support/rpu-text.ts';
import { viewerAs } from '../../support/portal/portal-lab.ts';
import { createMorningLab, usualVisits, type MorningLab } from './morning-lab.ts';
import { between, heading, textOf, toDoNames } from './page-text.ts';

const operator = viewerAs('regional-operator');
const folder = (name: string) => ({ kind: 'directory', folder: `/nowhere/${name}` });

let lab: MorningLab;
beforeAll(async () => {
  lab = await createMorningLab({
    names: ['Ancy', 'Brumeval'],
    settings: {
      destinations: [
        {
          name: 'spf',
          owner: 'Santé publique',
          feed: 'ed-visits',
          format: 'oscour-xml',
          transport: folder('spf'),
        },
        {
          ...{ name: 'atih', feed: 'ed-visits', format: 'oscour-xml', transport: folder('atih') },
          schedule: { kind: 'calendar', cron: '0 5 * * 1', window: { days: 7 } },
        },
      ],
    },
  });
  const { clock, last, hospitals, store } = lab;
  const at = clock.now();
  await store.transaction(async (tx) => {
    for (const [index, { finess: facility }] of hospitals.entries()) {
      const id = await tx.dispatches.put(
        {
          ...{ name: `RPU_${index}`, destination: 'spf', facility, feed: 'ed-visits', from: last, to: last },
          ...{ records: usualVisits, extract: at, digest: 'd', composedAt: at, export: null },
          ...{ cause: 'schedule', format: 'oscour-xml 2013' },
        },
        Buffer.from('x'),
      );
      if (index > 0) continue;
      const change = { attempts: 1, nextAttemptAt: at, changedAt: at, code: null, sentAt: at - 60_000 };
      await tx.dispatches.setDelivery(id, ['waiting'], { ...change, state: 'sent' });
      await tx.dispatches.setDelivery(id, ['sent'], { ...change, state: 'acknowledged' });
    }
    await tx.destinations.put({
      ...{ name: 'spf', breaker: 'closed', failures: 0, nextAttemptAt: 0, code: null, since: 0 },
      ...{ pausedBy: 'Mme Roux', pausedAt: at - 3_600_000 },
    });
    const never = finess(7);
    await tx.facilities.put({ finess: never, name: 'Jamais', key: Buffer.alloc(32, 1), addedAt: 1 });
    await tx.watch.declare({ facility: never, feed: 'ed-visits', annual: 36_500, at });
    const half = hospitals[1]?.finess ?? '';
    await tx.watch.declare({ facility: half, feed: 'ed-visits', annual: usualVisits * 365 * 2, at });
  });
  await lab.look();
}, 60_000);
afterAll(() => lab.close());

describe('agencies in the morning', () => {
  it('says that all has come and does not reach its agency', async () => {
    const { text } = await lab.get('/', operator);
    expect(heading(text)).toBe(
      `Tout est arrivé, mais ${usualVisits} passages n’atteignent pas Santé publique.`,
    );
    expect(toDoNames(text)).toEqual(['Santé publique']);
    expect(textOf(between(text, 'id="a-traiter"', '</section>'))).toContain(
      `Suspendue par Mme Roux depuis 06:00 : ${usualVisits} passages de 1 établissement attendent sa reprise.`,
    );
  });

  it('counts by facility what was sent and acknowledged, and tells the next planned sending', async () => {
    const chain = textOf(between((await lab.get('/', operator)).text, 'id="chaine"', '</section>'));
    expect(chain).toContain(`1 Envoyés à Santé publique ${usualVisits} passages 1 en attente`);
    expect(chain).toContain('1 Accusés dernier à 07:00');
    expect(chain).toContain('lun. Envoi atih lundi 22, 05:00');
  });

  it('gives each agency a card that says how it fares and what comes next', async () => {
    const cards = textOf(between((await lab.get('/', operator)).text, 'id="destinations"', '</section>'));
    expect(cards).toContain(
      'Santé publique Suspendue Suspendue par Mme Roux depuis 06:00 Fichiers en attente : 1',
    );
    expect(cards).toContain('atih Programmé Rien n’est encore parti Prochain envoi lun. 22 juin 05:00');
  });

  it('tells who never sent, and who sends far less than was declared', async () => {
    const rest = textOf(between((await lab.get('/', operator)).text, 'id="h-watch"', '</section>'));
    expect(rest).toContain(
      'Jamais reçu Jamais Déclaré, et rien n’est jamais arrivé : environ 100 passages par jour.',
    );
    expect(rest).toContain('Incomplet Brumeval 50 % seulement des passages déclarés');
  });
});

describe('words', () => {
  it('names the territory of a facility by its FINESS', () => {
    expect(['690000001', '2A0000001', '970100228', '990000010'].map((one) => territoryOf(one).name)).toEqual([
      ...['Rhône', 'Corse-du-Sud', 'Guadeloupe', 'Département 99'],
    ]);
  });

  it('writes small numbers in words, and the spaces that French signs ask for', () => {
    expect([1, 10, 11].map((one) => numberWords(one, 'fr'))).toEqual(['un', 'dix', '11']);
    expect(frenchSpaces('Quoi ? Rien : 5 %')).toBe('Quoi\u202f? Rien\u00a0: 5\u202f%');
  });
});
