import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { viewerAs } from '../../support/portal/portal-lab.ts';
import { createMorningLab, usualVisits, type MorningLab } from './morning-lab.ts';
import { between, heading, textOf, toDoNames } from './page-text.ts';

const names = [
  'Ancy',
  'Brumeval',
  'Castelbrun',
  'Dornes',
  'Escharente',
  'Ferrandière',
  'Grand-Lac',
  'Hautier',
];
const calm = ['Ijoux', 'Jarnac', 'Kerdon', 'Lormes'];

let lab: MorningLab;
let page: string;
const operator = viewerAs('regional-operator');

beforeAll(async () => {
  lab = await createMorningLab({
    names: [...names, ...calm],
    nights: {
      0: { 0: 'silent', 1: 'silent' },
      1: { 0: 'dead' },
      2: { 0: 'cut' },
      3: { 0: 'paused' },
      4: { 0: 'rejected' },
      5: { 0: 'low', 1: 'low' },
      6: { 0: 'partial' },
      7: { 0: 'held' },
      8: { 0: 'late' },
    },
  });
  page = (await lab.get('/', operator)).text;
}, 60_000);
afterAll(() => lab.close());

const cause = (name: string): string => {
  const list = between(page, 'id="a-traiter"', '</section>');
  const item = list.split('<li>').find((each) => each.includes(`>${name}</a>`)) ?? '';
  return textOf(between(item, '<p>', '</p>'));
};

describe('the morning', () => {
  it('says in one sentence how many facilities are to be dealt with, in words up to ten', () => {
    expect(heading(page)).toBe('Huit établissements sur 12 sont à traiter, les 4 autres ont tout transmis.');
    expect(page).toContain('<em>Huit établissements</em>');
  });

  it('says the same in English', async () => {
    const { text } = await lab.get('/en', operator);
    expect(heading(text)).toBe(
      'Eight facilities of 12 are to be dealt with, the other 4 have sent everything.',
    );
  });

  it('counts visits received against those expected', () => {
    const expected = 12 * usualVisits;
    expect(textOf(between(page, 'class="lede"', '</p>'))).toMatch(
      new RegExp(
        `passages reçus pour environ ${expected.toLocaleString('fr-FR').replace(/\s/g, ' ')} attendus`,
      ),
    );
  });

  it('orders what is to be done by what the national sending lacks', () => {
    const order = toDoNames(page);
    expect(order[0]).toBe('Ancy');
    // Nothing of a held facility is missing: its visits are all there.
    expect(order.at(-1)).toBe('Hautier');
    expect(order).toHaveLength(8);
    expect(order.indexOf('Brumeval')).toBeLessThan(order.indexOf('Grand-Lac'));
  });

  it('tells each cause in a sentence that names what works and what does not', () => {
    expect(cause('Ancy')).toContain('Aucun fichier déposé');
    expect(cause('Ancy')).toContain('Jours touchés : mercredi 17, jeudi 18.');
    expect(cause('Brumeval')).toContain(
      'Agent injoignable depuis hier 22:00. Dernier jour complet : mercredi 17.',
    );
    expect(cause('Castelbrun')).toBe(
      `Réseau coupé depuis hier 22:00. Plis en attente chez l’agent : 3 ; ils partiront seuls. Environ ${usualVisits} passages manquent.`,
    );
    expect(cause('Dornes')).toContain('son disque est plein');
    expect(cause('Escharente')).toContain('rejetés, le dernier 02:30');
    expect(cause('Ferrandière')).toMatch(/^\d+ passages pour \d+ attendus, deuxième jour de baisse\./);
    expect(cause('Grand-Lac')).toMatch(
      /^Le fichier s’arrête jeudi 18 vers 14:00 : \d+ passages pour \d+ attendus\./,
    );
    expect(cause('Hautier')).toBe(
      'Un fichier efface 40 passages déjà reçus (jeudi 18). Rien n’a été retiré.',
    );
  });

  it('leads to the decision whoever may decide, and shows the batch to the others', async () => {
    expect(page).toMatch(/class="btn sm main" href="\/lots\/[0-9a-f-]+">Décider</);
    const { text } = await lab.get('/', viewerAs('read-only'));
    expect(text).not.toContain('Décider');
    expect(text).toMatch(/href="\/lots\/[0-9a-f-]+">Voir le lot</);
  });

  it('draws the day as a thread, with what is late, silent and held', () => {
    const chain = textOf(between(page, 'id="chaine"', '</section>'));
    expect(chain).toContain('12 Attendus avant 04:00');
    expect(chain).toContain('7 Reçus 6 à l’heure, 1 à 06:51 5 en silence');
    expect(chain).toContain('6 Contrôlés 1 retenu');
  });

  it('lets an operator ask again for what came short, and nobody else', async () => {
    const path = `/etablissements/${lab.hospitals[5]?.finess}/renvoi?du=2026-06-17&amp;au=2026-06-18`;
    expect(page).toContain(`<a class="btn sm" href="${path}">Redemander l’export</a>`);
    expect(page.match(/Redemander/g)).toHaveLength(2);
    expect((await lab.get('/', viewerAs('auditor'))).text).not.toContain('Redemander');
  });

  it('says whom to call, with a number that dials', async () => {
    const [first] = lab.hospitals;
    await lab.store.transaction(async (tx) => {
      await tx.care.contacts.add({
        ...{ facility: first?.finess ?? '', role: 'DSI', name: 'M. Vasseur' },
        ...{ phone: '09 99 00 12 07', email: '' },
      });
    });
    const { text } = await lab.get('/', operator);
    expect(text).toContain('M. Vasseur, DSI');
    expect(text).toContain('href="tel:0999001207"');
  });

  it('sends each profile to its own door', async () => {
    expect((await lab.get('/', viewerAs('hospital-admin'))).location).toBe('/mon-etablissement');
    expect((await lab.get('/en', viewerAs('agency'))).location).toBe('/en/agence');
    expect((await lab.get('/', viewerAs('health-professional'))).location).toBe('/analyser');
  });

  it('has one first heading, and every part that is swapped has a name of its own', () => {
    expect(page.match(/<h1/g)).toHaveLength(1);
    const parts = [...page.matchAll(/data-live="([^"]+)"/g)].map(([, name]) => name);
    expect(parts).toEqual(['bande', 'entete', 'chaine', 'a-traiter', 'grille', 'destinations']);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('other mornings', () => {
  it('says that all is here when it is, and when that was checked', async () => {
    const quiet = await createMorningLab({ names: calm });
    const { text } = await quiet.get('/', operator);
    expect(heading(text)).toBe(`Tout est arrivé. 4 établissements, ${4 * usualVisits} passages.`);
    expect(textOf(text)).toContain('Personne à appeler. Dernière vérification à 07:00.');
    await quiet.close();
  });

  it('does not blame before the hour: what may still come is awaited', async () => {
    const early = await createMorningLab({
      names: calm,
      nights: { 0: { 0: 'silent' } },
      startAt: Date.parse('2026-06-19T03:30:00+02:00'),
    });
    const { text } = await early.get('/', operator);
    expect(heading(text)).toBe('Rien ne manque à cette heure. Reçus : 3, encore attendus : 1.');
    await early.close();
  });

  it('speaks of one facility as of one', async () => {
    const one = await createMorningLab({ names: calm, nights: { 2: { 0: 'silent' } } });
    expect(heading((await one.get('/', operator)).text)).toBe(
      'Un établissement sur 4 est à traiter, les 3 autres ont tout transmis.',
    );
    await one.close();
  });

  it('gives the next step when nobody is connected yet', async () => {
    const empty = await createMorningLab({ names: [] });
    const { text } = await empty.get('/', operator);
    expect(heading(text)).toBe('Aucun établissement n’est encore raccordé');
    expect(textOf(text)).toContain('Créez un code d’installation');
    await empty.close();
  });

  it('says first of all that nobody watches any more', async () => {
    const blind = await createMorningLab({ names: calm });
    expect((await blind.get('/', operator)).text).not.toContain('La surveillance n’a');
    blind.clock.advance(6 * 60_000);
    const { text } = await blind.get('/', operator);
    expect(textOf(text)).toContain('La surveillance n’a plus regardé depuis 07:00');
    expect(text.indexOf('La surveillance')).toBeLessThan(text.indexOf('<h1>'));
    await blind.close();

    const never = await createMorningLab({ names: calm, watched: false });
    expect((await never.get('/', operator)).text).toContain('La surveillance n’a encore rien regardé');
    await never.close();
  });

  it('writes the names of facilities as text, whatever they hold', async () => {
    const hostile = '<script>alert(1)</script>" onmouseover="x';
    const lab2 = await createMorningLab({ names: [hostile, ...calm], nights: { 0: { 0: 'silent' } } });
    for (const path of [
      '/',
      '/etablissements',
      '/etablissements?q=%3Cscript%3E%22',
      '/?territoire=%22%3E%3Ci%3Ex',
    ]) {
      const { text, status } = await lab2.get(path, operator);
      expect(status).toBe(200);
      expect(text).not.toContain('<script>alert');
      expect(text).not.toContain('" onmouseover');
      expect(text).not.toContain('"><i>x');
    }
    await lab2.close();
  });
});
