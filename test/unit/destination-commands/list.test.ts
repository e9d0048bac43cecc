import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listDispatches } from '../../../receiver/commands/destination-dispatches.ts';
import { listDestinations } from '../../../receiver/commands/destination-list.ts';
import { testDestinations } from '../../../receiver/commands/destination-test.ts';
import { status } from '../../../receiver/commands/status.ts';
import { permanent, transient } from '../../../shared/runtime/errors.ts';
import { deliveringTo, hourMs, noon, openControlRoom, running, type ControlRoom } from './control-room.ts';

let room: ControlRoom;

beforeAll(async () => {
  room = await openControlRoom();
});
afterAll(() => room.close());

const list = (language: 'fr' | 'en' = 'fr') => room.ask(listDestinations, {}, language);
const statusNow = () => room.ask((context) => status(context), {});

describe('the list of destinations', () => {
  it('is empty without any', async () => {
    room.configure();
    expect(await list()).toMatchObject({ code: 0, text: '(aucune destination)' });
  });

  it('says of one that is well what it is, and what it was sent last', async () => {
    room.configure({
      ...{ name: 'well', owner: 'Santé publique France', facilities: ['990000010'] },
      schedule: { kind: 'calendar', cron: '0 4 1 * *', window: { since: 'year' } },
    });
    await room.compose('well', ['a'], { state: 'sent', sentAt: noon });
    const { code, text, document } = await list();
    expect(code).toBe(0);
    expect(text.split('\n')).toEqual([
      'well (Santé publique France)  ed-visits, oscour-xml 2013, directory, en clair, calendrier « 0 4 1 * * » (Europe/Paris)',
      '  1 établissement(s) seulement',
      '  Envois : 1 remis',
      '  Dernier envoi remis le 21/01/2026 12:00',
    ]);
    expect(document).toMatchObject({
      destinations: [
        {
          ...{
            name: 'well',
            format: 'oscour-xml 2013',
            breaker: 'closed',
            failures: 0,
            lastSentAt: '2026-01-21T11:00:00.000Z',
          },
          counts: { sent: 1, waiting: 0 },
        },
      ],
      removed: [],
    });
    expect((await statusNow()).text).toContain('Rien ne demande votre attention');
  });

  it('says of one that is down since when, why, what to do, and when it is tried next', async () => {
    room.configure({ name: 'down' });
    await room.compose('down', ['b']);
    const forwarder = deliveringTo(room, 'down');
    forwarder.answer = () =>
      Promise.resolve({
        delivered: 0,
        fault: permanent('delivery-name-taken', { facts: { destination: 'down', file: 'b' } }),
      });
    await forwarder.step(running);
    const { code, text, document } = await list();
    expect(code).toBe(1);
    expect(text).toContain(
      'EN PANNE down depuis le 21/01/2026 12:00, 1 échec(s) de suite, prochain essai le 21/01/2026 12:05',
    );
    expect(text).toContain('Un autre contenu se trouve déjà sous le nom b chez down [delivery-name-taken]');
    expect(text).toContain('la file reprend seule');
    expect(document).toMatchObject({
      destinations: [{ breaker: 'open', code: 'delivery-name-taken', blocked: { file: 'b', attempts: 1 } }],
    });
    const inEnglish = await list('en');
    expect(inEnglish.text).toContain('DOWN down since 2026-01-21 12:00');
    const said = await statusNow();
    expect(said.text).toContain('EN PANNE down');
    // What programs read already stays.
    expect(said.document).toMatchObject({
      failing: [{ destination: 'down', name: 'b', attempts: 1, code: 'delivery-name-taken' }],
      destinations: [{ name: 'down', breaker: 'open' }],
    });
    await room.clear();
  });

  it('says of a try that failed what it knows, without empty brackets', async () => {
    room.configure({ name: 'shaky' });
    await room.compose('shaky', ['c']);
    const forwarder = deliveringTo(room, 'shaky');
    forwarder.answer = () =>
      Promise.resolve({ delivered: 0, fault: transient('delivery-unavailable', { facts: { reason: 'X' } }) });
    await forwarder.step(running);
    const { code, text } = await list();
    expect(code).toBe(1);
    expect(text).toContain(
      'Essai manqué vers shaky (1 de suite) : La destination shaky n’est pas accessible [',
    );
    expect(text).not.toMatch(/[{}]/);
    await room.clear();
  });

  it('counts what was refused or set aside until a later dispatch takes the place of all its days', async () => {
    room.configure({ name: 'picky' });
    await room.compose('picky', ['d'], {
      from: '2026-01-05',
      to: '2026-01-06',
      state: 'refused',
      sentAt: noon,
      code: 'E42',
    });
    await room.compose('picky', ['e'], { from: '2026-01-08', state: 'dead', code: 'delivery-name-unsafe' });
    expect(await list()).toMatchObject({ code: 1, document: { destinations: [{ refused: 1, dead: 1 }] } });
    await room.compose('picky', ['f'], { from: '2026-01-05', state: 'acknowledged', sentAt: noon });
    expect(await list()).toMatchObject({ code: 1, document: { destinations: [{ refused: 1 }] } });
    await room.compose('picky', ['g'], {
      from: '2026-01-06',
      to: '2026-01-08',
      state: 'acknowledged',
      sentAt: noon,
    });
    expect(await list()).toMatchObject({ code: 0, document: { destinations: [{ refused: 0, dead: 0 }] } });
  });

  it('says which answers are overdue, once the hours they were promised within are over', async () => {
    room.configure({ name: 'slow', acknowledgement: { kind: 'person', withinHours: 3 } });
    await room.compose('slow', ['h', 'i'], { state: 'sent', sentAt: noon - 3 * hourMs });
    expect(await list()).toMatchObject({ code: 0, document: { destinations: [{ overdue: null }] } });
    room.lab.clock.advance(1000);
    const { code, text } = await list();
    expect(code).toBe(1);
    expect(text).toContain(
      '2 envoi(s) à slow sans accusé après 3 h ; le plus ancien : h, remis le 21/01/2026 09:00',
    );
    room.configure({ name: 'slow' });
    expect(await list()).toMatchObject({ code: 0 });
  });

  it('says of a destination that the settings no longer name how many dispatches wait for it', async () => {
    room.configure({ name: 'other' });
    await room.compose('old-name', ['j', 'k']);
    const { code, text, document } = await list();
    expect(code).toBe(1);
    expect(text).toContain('RETIRÉE old-name : la configuration ne la nomme plus, 2 envoi(s) attendent');
    expect(document).toMatchObject({ removed: [{ name: 'old-name', waiting: 2 }] });
    expect(await statusNow()).toMatchObject({
      document: { removedDestinations: [{ name: 'old-name', waiting: 2 }] },
    });
    await room.clear();
  });

  it('names the key file that cannot be read, not the dispatch that needed it', async () => {
    const protection = { kind: 'openpgp', keyFile: 'nowhere.asc', fingerprint: '0'.repeat(40) };
    room.configure({ name: 'keyless', protection });
    await room.compose('keyless', ['k.xml']);
    const forwarder = deliveringTo(room, 'keyless');
    const facts = { destination: 'keyless', file: 'nowhere.asc', reason: 'ENOENT' };
    forwarder.answer = () =>
      Promise.resolve({ delivered: 0, fault: transient('agency-key-unreadable', { facts }) });
    await forwarder.step(running);
    const { text } = await list();
    expect(text).toMatch(/keyless .* : Le fichier de clé \S*nowhere\.asc de la destination/);
    expect(text).not.toContain('k.xml');
    await room.clear();
  });

  it('says why a key cannot be used, without failing', async () => {
    room.configure({
      name: 'sealed',
      protection: { kind: 'openpgp', keyFile: 'nowhere.asc', fingerprint: '0'.repeat(40) },
    });
    const { code, document } = await list();
    expect(code).toBe(1);
    expect(document).toMatchObject({
      destinations: [
        {
          protection: 'openpgp',
          key: { fingerprint: null, code: expect.stringMatching(/^agency-key-/) as string },
        },
      ],
    });
  });
});

describe('the dispatches of a destination', () => {
  beforeEach(() => room.configure({ name: 'paged' }));

  it('lists those that ask for somebody, with their reason, and leaves the others out', async () => {
    await room.compose('paged', ['p1'], { state: 'dead', code: 'dispatch-set-aside' });
    await room.compose('paged', ['p2'], { state: 'refused', sentAt: noon, code: 'E42' });
    await room.compose('paged', ['p3']);
    await room.compose('paged', ['p4'], { state: 'acknowledged', sentAt: noon });
    const { text } = await room.ask(listDispatches, { name: 'paged', limit: '20', after: '0' });
    const lines = text.split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain(
      'p1  mis de côté depuis le 21/01/2026 12:00  990000010  du 20/01/2026 au 20/01/2026',
    );
    expect(lines[0]).toContain('mis de côté par une personne');
    expect(lines[1]).toContain('p2  refusé par l’agence');
    expect(lines[1]).toContain('[E42]');
    expect(lines[2]).toContain('p3  en attente');
  });

  it('gives one state, a page at a time, and says how to go on', async () => {
    await room.compose('paged', ['q1', 'q2', 'q3'], { state: 'sent', sentAt: noon });
    const first = await room.ask(listDispatches, { name: 'paged', state: 'sent', limit: '2', after: '0' });
    expect(first.document).toMatchObject({ dispatches: [{ file: 'q1' }, { file: 'q2' }] });
    const { id } = await room.row('paged', 'q2');
    expect(first.text).toContain(`--state sent --after ${id}`);
    expect(first.document).toMatchObject({ next: { sent: id } });
    const rest = await room.ask(listDispatches, {
      name: 'paged',
      state: 'remis',
      limit: '2',
      after: String(id),
    });
    expect(rest.document).toMatchObject({ dispatches: [{ file: 'q3' }], next: { sent: null } });
  });

  it.each([
    { name: 'paged', state: 'lost', limit: '2', after: '0' },
    { name: 'paged', limit: '0', after: '0' },
    { name: 'paged', limit: 'x', after: '0' },
    { name: 'paged', limit: '2', after: '-1' },
  ])('refuses what is mistyped: %j', async (options) => {
    await expect(room.ask(listDispatches, options)).rejects.toMatchObject({ code: 'command-invalid' });
  });

  it('does not know a destination that neither the settings nor the store know', async () => {
    await expect(room.ask(listDispatches, { name: 'nobody', limit: '2', after: '0' })).rejects.toMatchObject({
      code: 'destination-unknown',
    });
  });
});

describe('the test of a destination', () => {
  it('walks the chain, leaves nothing behind, and says that it is good', async () => {
    mkdirSync(room.folder('in-place'));
    room.configure({ name: 'fine', transport: { kind: 'directory', folder: room.folder('in-place') } });
    const { code, text, document } = await room.ask(testDestinations, { names: 'fine' });
    expect(code).toBe(0);
    expect(text).toContain('OK    écriture d’un fichier d’essai');
    expect(text).toContain('La chaîne est bonne');
    expect(document).toMatchObject({ destinations: [{ name: 'fine', good: true }] });
    expect(readdirSync(room.folder('in-place'))).toEqual([]);
  });

  it('stops at the first step that fails, with its code and what to do', async () => {
    writeFileSync(room.folder('in-the-way'), '');
    room.configure(
      { name: 'blocked', transport: { kind: 'directory', folder: room.folder('in-the-way') } },
      { name: 'fine', transport: { kind: 'directory', folder: room.folder('in-place') } },
    );
    const { code, text, document } = await room.ask(testDestinations, { all: true });
    expect(code).toBe(1);
    expect(text).toMatch(/ÉCHEC connexion : .*\[delivery-unavailable\]\n +→ La file reprend seule/);
    expect(document).toMatchObject({
      destinations: [
        {
          name: 'blocked',
          good: false,
          steps: [{ step: 'connect', error: { code: 'delivery-unavailable' } }],
        },
        { name: 'fine', good: true },
      ],
    });
    expect((await room.ask(testDestinations, { names: 'fine' })).code).toBe(0);
  });

  it('says of a key that cannot be read what is wrong with it, although the folder is good', async () => {
    room.configure({
      ...{ name: 'sealed', transport: { kind: 'directory', folder: room.folder('in-place') } },
      protection: { kind: 'openpgp', keyFile: 'nowhere.asc', fingerprint: '0'.repeat(40) },
    });
    const { code, text } = await room.ask(testDestinations, { names: 'sealed' });
    expect(code).toBe(1);
    expect(text).toContain('OK    écriture');
    expect(text).toMatch(/ÉCHEC clé de l’agence : .*\[agency-key-/);
  });

  it('of an agency that fetches has nothing to reach', async () => {
    room.configure({ name: 'fetched', transport: { kind: 'pull', certificates: ['a'.repeat(64)] } });
    const { code, text } = await room.ask(testDestinations, { names: 'fetched' });
    expect(code).toBe(0);
    expect(text).toContain('vient chercher ses envois');
  });

  it('of an agency that fetches reads who may come in', async () => {
    const fetched = { name: 'fetched', transport: { kind: 'pull', tokenFile: room.folder('tokens') } };
    room.configure(fetched);
    const missing = await room.ask(testDestinations, { names: 'fetched' });
    expect(missing.code).toBe(1);
    expect(missing.text).toMatch(/ÉCHEC ouverture de session : .*\[agency-tokens-unreadable\]/);
    writeFileSync(room.folder('tokens'), `${'0123456789abcdef'.repeat(3)}\n`, { mode: 0o600 });
    const there = await room.ask(testDestinations, { names: 'fetched' });
    expect(there.code).toBe(0);
    expect(there.text).not.toContain('0123456789abcdef');
  });

  it.each([{}, { names: 'fine', all: true }])('needs names or --all: %j', async (options) => {
    await expect(room.ask(testDestinations, options)).rejects.toMatchObject({ code: 'command-invalid' });
  });
});
