import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AlertRow } from '../../../receiver/store/alert-tables.ts';
import { createPortalLab, viewerAs, type PortalLab } from '../../support/portal/portal-lab.ts';
import { finessOf, morning, yesterday } from './kit.ts';

const [a, b] = [finessOf(1), finessOf(2)];
const operator = viewerAs('regional-operator');
const hospital = viewerAs('hospital-admin', { account: 'h', name: 'H. Marchais', facilities: new Set([a]) });
const other = viewerAs('hospital-admin', { account: 'o', facilities: new Set([finessOf(3)]) });
const row: Omit<AlertRow, 'id'> = {
  ...{ key: 'a', kind: 'facility', facility: a, feed: 'ed-visits', destination: null, members: [a] },
  ...{ state: 'silent', cause: 'source-silent', days: [yesterday], missing: 42, facts: { agent: 'alive' } },
  ...{ since: morning, openedAt: morning, toldAt: morning, remindedAt: null, escalatedAt: null },
  ...{ recoveringAt: null, returns: 0, takenBy: null, takenName: null, takenAt: null, closedAt: null },
  ...{ ending: null, closedName: null, reason: null, changedAt: morning },
};

let lab: PortalLab;
beforeEach(async () => {
  lab = await createPortalLab({
    startAt: morning + 3_600_000,
    settings: {
      alerts: {
        smtp: { host: '127.0.0.1', port: 1, secure: 'none', from: 'alertes@example.org' },
        recipients: [{ name: 'région', role: 'region', emails: ['region@example.org'] }],
      },
    },
    prepare: (store) =>
      store.transaction(async (tx) => {
        for (const [finess, name] of [
          [a, 'CH de Brumeval'],
          [b, 'CH d’Escharente'],
        ] as const)
          await tx.facilities.put({ finess, name, key: Buffer.alloc(32, 1), addedAt: 1 });
        await tx.alerts.add(row);
        await tx.alerts.add({
          ...row,
          key: 'b',
          facility: b,
          members: [b],
          state: 'held',
          cause: 'held-by-guard',
        });
        await tx.alerts.add({
          ...{ ...row, key: 'c', kind: 'region', facility: null, feed: null, members: [a, b] },
          facts: { remaining: 2 },
        });
        await tx.alerts.add({
          ...row,
          key: 'd',
          kind: 'receiver',
          facility: null,
          members: [],
          state: 'fault',
          cause: 'watch-stale',
        });
        await tx.alerts.addMessage({
          ...{
            alert: 1,
            recipient: 'région',
            role: 'region',
            channel: 'email',
            address: 'region@example.org',
          },
          ...{
            kind: 'first',
            identity: 'm1',
            subject: 'Objet du message',
            text: 'Mots exacts',
            createdAt: morning,
            dueAt: morning,
          },
        });
      }),
  });
});
afterEach(() => lab.close());

it('the list says how many are open and how many nobody has', async () => {
  const { text } = await lab.get('/alertes', operator);
  expect(text).toContain('<em>Quatre alertes</em> ouvertes, que personne n’a prises.');
  expect(text).toContain('CH de Brumeval');
  expect((await lab.get('/en/alertes', operator)).text).toContain('Four alerts');
});

it('a hospital sees its own, and of a common one not the others; the navigation counts the same', async () => {
  const { text } = await lab.get('/alertes', hospital);
  expect(text).toContain('<em>Deux alertes</em>');
  expect(text).not.toContain('Escharente');
  expect(text).toMatch(/class="count">2</);
  const common = (await lab.get('/alertes/3', hospital)).text;
  expect(common).toContain('2 établissements ensemble');
  expect(common).not.toContain('Escharente');
});

it('what lies beyond the reach is not there, to be read or to be acted on', async () => {
  for (const path of ['/alertes/2', '/alertes/4', '/alertes/99', '/alertes/x', '/alertes/1%27'])
    expect((await lab.get(path, hospital)).status, path).toBe(404);
  expect((await lab.get('/alertes/1', other)).status).toBe(404);
  for (const act of ['prendre', 'rendre', 'note', 'clore'])
    expect((await lab.post(`/alertes/1/${act}`, other, { note: 'x', motif: 'x' })).status, act).toBe(404);
  for (const profile of ['agency', 'health-professional'] as const)
    expect((await lab.get('/alertes', viewerAs(profile))).status).toBe(404);
  for (const profile of ['read-only', 'auditor'] as const) {
    expect((await lab.get('/alertes/1', viewerAs(profile))).text).not.toContain('Je prends');
    expect((await lab.post('/alertes/1/prendre', viewerAs(profile))).status).toBe(404);
  }
  expect((await lab.get('/alertes/essais', operator)).status).toBe(404);
});

it('a trouble that many share is the region’s to take and to close, though its hospitals read it', async () => {
  expect((await lab.get('/alertes/3', hospital)).text).not.toContain('Je prends');
  for (const act of ['prendre', 'rendre', 'note', 'clore'])
    expect((await lab.post(`/alertes/3/${act}`, hospital, { note: 'x', motif: 'x' })).status, act).toBe(404);
  const kept = await lab.store.read((tx) => tx.alerts.get(3));
  expect([kept?.takenBy, kept?.closedAt]).toEqual([null, null]);
  expect((await lab.post('/alertes/3/clore', operator, { motif: 'réseau rétabli' })).status).toBe(303);
});

it('a hospital reads the words sent, and not who else got them', async () => {
  expect((await lab.get('/alertes/1', operator)).text).toContain('region@example.org');
  const { text } = await lab.get('/alertes/1', hospital);
  expect(text).toContain('Mots exacts');
  expect(text).not.toContain('region@example.org');
});

it('taking is one button, can be undone, and is refused to a second person by the first one’s name', async () => {
  const taken = await lab.post('/alertes/1/prendre', operator, { de: 'list' });
  expect([taken.status, taken.location]).toEqual([303, '/alertes?prise=1']);
  expect((await lab.get('/alertes?prise=1', operator)).text).toContain('Rendre');
  const second = await lab.post('/alertes/1/prendre', hospital);
  expect(second.status).toBe(422);
  expect(second.text).toContain('Camille Essai');
  await lab.post('/alertes/1/rendre', operator);
  expect((await lab.post('/alertes/1/prendre', hospital)).status).toBe(303);
  const events = await lab.store.read((tx) => tx.alerts.events(1, 9));
  expect(events.map(({ kind, name }) => [kind, name])).toEqual([
    ['taken', 'H. Marchais'],
    ['released', 'Camille Essai'],
    ['taken', 'Camille Essai'],
  ]);
});

it('closing asks for a reason, keeps what was typed, and ends the alert', async () => {
  const refused = await lab.post('/alertes/1/clore', operator, { motif: '   ' });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('aria-invalid="true"');
  const long = await lab.post('/alertes/1/clore', operator, { motif: 'x'.repeat(501) });
  expect(long.text).toContain('x'.repeat(501));
  expect((await lab.post('/alertes/1/clore', operator, { motif: '<b>travaux</b>' })).status).toBe(303);
  const { text } = await lab.get('/alertes?vue=closes', operator);
  expect(text).toContain('&lt;b&gt;travaux&lt;/b&gt;');
  expect((await lab.post('/alertes/1/note', operator, { note: 'x' })).status).toBe(422);
  const [first] = await lab.store.read((tx) => tx.alerts.messages(1, 9));
  expect(first?.state).toBe('withdrawn');
});

it('a call takes the alert and leads to its note', async () => {
  const { location } = await lab.post('/alertes/appel', operator, { etablissement: a, flux: 'ed-visits' });
  expect(location).toMatch(/^\/alertes\/\d+\?prise=\d+&note=1#note$/);
  const page = (await lab.get(location?.replace('#note', '') ?? '', operator)).text;
  expect(page).toContain('autofocus');
  expect(page).toContain('Camille Essai appelle.');
  expect((await lab.post('/alertes/appel', operator, { etablissement: 'x', flux: 'ed-visits' })).status).toBe(
    404,
  );
});

it('an administrator sends a test, which waits to be sent', async () => {
  const admin = { ...operator, administrator: true };
  const before = lab.changes();
  await lab.post('/alertes/essais', admin, { destinataire: 'région' });
  expect(lab.changes()).toBe(before + 1);
  expect((await lab.get('/alertes/essais', admin)).text).toContain('region@example.org');
  expect((await lab.post('/alertes/essais', admin, { destinataire: 'personne' })).status).toBe(422);
});
