import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import type { Viewer } from '../../../receiver/accounts/profile.ts';
import { createPortalLab, viewerAs, type PortalLab } from '../../support/portal/portal-lab.ts';
import { openRig, type Rig } from '../apply/rig.ts';
import { day, visitsOf, windowOf } from './visits.ts';

const hospital = '990000010';
const operator = viewerAs('regional-operator', { account: 'a-1', name: 'Camille Essai' });
const colleague = viewerAs('regional-operator', { account: 'a-2', name: 'Dominique Essai' });
const ownAdmin = viewerAs('hospital-admin', {
  account: 'h-1',
  name: 'Inès Essai',
  facilities: new Set([hospital]),
});
const otherAdmin = viewerAs('hospital-admin', { account: 'h-2', facilities: new Set(['990000028']) });

let lab: PortalLab;
let rig: Rig & { close(): Promise<void> };
beforeEach(async () => {
  lab = await createPortalLab({ startAt: 20_100 * 86_400_000 });
  rig = await openRig({ store: lab.store, facility: hospital, feed: edVisits });
});
afterEach(() => lab.close());

/** Two days of this many visits, of which an export loses all. */
async function held(perDay: number): Promise<string> {
  await rig.send(windowOf(0, 1, [...visitsOf(perDay, 0), ...visitsOf(perDay, 1)], 0));
  const { id, receipt } = await rig.send(windowOf(0, 1, [], 2));
  expect(receipt.hold).toBe('removals');
  return id;
}
const post = (path: string, viewer: Viewer, form: Readonly<Record<string, string>>) =>
  lab.post(path, viewer, form);
const heldCount = async (): Promise<number> => (await rig.held()).length;
const openProposals = () => lab.store.read((tx) => tx.audit.proposals.open(10));
const actions = async (): Promise<readonly string[]> =>
  (await lab.store.read((tx) => tx.audit.walk(0, 100))).map(({ action }) => action);

describe('the page of a decision', () => {
  it('shows each day with what is stored, what the file holds and the difference', async () => {
    const { text } = await lab.get(`/lots/${await held(30)}/decision`, operator);
    expect(text).toMatch(/Ce fichier retirerait <em>60 passages<\/em>/);
    expect(text).toContain('<td class="num delta neg">−30</td>');
    expect(text).toContain('Garder les 60 passages');
    expect(text).toContain('Retirer 60 passages…');
  });

  it('is the hospital’s own only, and acts for nobody who only reads', async () => {
    const path = `/lots/${await held(30)}/decision`;
    expect((await lab.get(path, otherAdmin)).status).toBe(404);
    expect((await post(path, otherAdmin, { acte: 'garder', motif: 'x' })).status).toBe(404);
    const read = await lab.get(path, viewerAs('read-only'));
    expect(read.status).toBe(200);
    expect(read.text).not.toContain('name="acte"');
    for (const profile of ['read-only', 'auditor', 'agency'] as const)
      expect((await post(path, viewerAs(profile), { acte: 'garder', motif: 'x' })).status).toBe(404);
    expect(await openProposals()).toEqual([]);
  });

  it('keeps at once, with the reason in the log', async () => {
    const id = await held(30);
    expect((await post(`/lots/${id}/decision`, operator, { acte: 'garder', motif: '' })).status).toBe(422);
    const { status, location } = await post(`/lots/${id}/decision`, operator, {
      ...{ acte: 'garder', motif: 'filtre d’export oublié' },
    });
    expect([status, location]).toEqual([303, `/lots/${id}`]);
    expect(lab.changes()).toBe(1);
    const [line] = await lab.store.read((tx) => tx.audit.walk(0, 10));
    expect(line).toMatchObject({
      ...{ action: 'removals.keep', actorId: 'a-1', facility: hospital, reason: 'filtre d’export oublié' },
    });
    expect((await lab.get(`/lots/${id}/decision`, operator)).text).toContain(
      'Rien n’attend plus de décision',
    );
  });

  it('removes few visits after a page that says so, and only what that page said', async () => {
    const id = await held(20);
    const asked = { acte: 'retirer', motif: 'doublons' };
    const confirm = await post(`/lots/${id}/decision`, operator, asked);
    expect(confirm.status).toBe(200);
    expect(confirm.text).toContain('Retirer les 40 passages');
    expect(await heldCount()).toBe(40);
    const other = await post(`/lots/${id}/decision`, operator, { ...asked, confirme: 'oui', nombre: '39' });
    expect(other.status).toBe(422);
    await post(`/lots/${id}/decision`, operator, { ...asked, confirme: 'oui', nombre: '40' });
    expect(await heldCount()).toBe(0);
  });

  it('is taken once, however many times it comes at once', async () => {
    const id = await held(30);
    const keep = { acte: 'garder', motif: 'filtre oublié' };
    const asked = { acte: 'retirer', motif: 'fermeture', confirme: 'oui', nombre: '60' };
    const settle = `/lots/${id}/proposition`;
    const proposed = await Promise.all([1, 2, 3].map(() => post(`/lots/${id}/decision`, operator, asked)));
    expect(proposed.map(({ status }) => status).sort()).toEqual([303, 422, 422]);
    const [proposal, ...more] = await openProposals();
    expect(more).toEqual([]);
    const confirm = { acte: 'confirmer', proposition: proposal?.id ?? '', nombre: '60' };
    const answers = await Promise.all([
      ...[1, 2].map(() => post(settle, colleague, confirm)),
      post(`/lots/${id}/decision`, colleague, keep),
    ]);
    expect(answers.filter(({ status }) => status === 303).length).toBe(1);
    expect(await heldCount()).toBe(0);
    expect(await actions()).toEqual(['removals.propose-confirm', 'removals.confirm']);
  });

  it('takes a number typed and a second account above fifty', async () => {
    const id = await held(30);
    const path = `/lots/${id}/decision`;
    const asked = { acte: 'retirer', motif: 'fermeture du service', confirme: 'oui' };
    expect((await post(path, operator, { ...asked, nombre: '6' })).status).toBe(422);
    expect((await post(path, operator, { ...asked, nombre: '60' })).status).toBe(303);
    expect(await heldCount()).toBe(60);
    const [proposal] = await openProposals();
    const settle = `/lots/${id}/proposition`;
    const confirm = { acte: 'confirmer', proposition: proposal?.id ?? '', nombre: '60' };
    expect((await lab.get(path, operator)).text).toContain('Vous l’avez faite');
    expect((await post(settle, operator, confirm)).status).toBe(422);
    expect((await post(settle, { ...operator, name: 'Autre Nom' }, confirm)).status).toBe(422);
    expect((await post(settle, colleague, { ...confirm, nombre: '61' })).status).toBe(422);
    expect((await post(settle, colleague, { ...confirm, nombre: '' })).status).toBe(422);
    expect(await heldCount()).toBe(60);
    expect((await post(settle, colleague, confirm)).status).toBe(303);
    expect(await heldCount()).toBe(0);
    expect(await actions()).toEqual(['removals.propose-confirm', 'removals.confirm']);
  });

  it('is not got round by one day after the other', async () => {
    const id = await held(40);
    const path = `/lots/${id}/decision`;
    const one = (iso: string) => ({
      acte: 'retirer-jours',
      motif: 'x',
      jour: iso,
      confirme: 'oui',
      nombre: '40',
    });
    expect((await post(path, operator, one(dayToIso(day(0))))).status).toBe(303);
    expect(await heldCount()).toBe(40);
    expect((await post(path, operator, one(dayToIso(day(1))))).status).toBe(303);
    expect(await heldCount()).toBe(40);
    expect(await openProposals()).toMatchObject([{ count: 40, origin: 'region' }]);
    expect((await post(path, operator, { acte: 'garder-jours', motif: 'x' })).status).toBe(422);
  });

  it('lets the hospital propose on its own, and the region confirm', async () => {
    const id = await held(30);
    const path = `/lots/${id}/decision`;
    await post(path, ownAdmin, { acte: 'garder', motif: 'export filtré <b>par erreur</b>' });
    const [proposal] = await openProposals();
    expect(proposal).toMatchObject({ origin: 'facility', decision: 'keep', count: 60 });
    const settle = `/lots/${id}/proposition`;
    const confirm = { acte: 'confirmer', proposition: proposal?.id ?? '' };
    expect((await post(settle, ownAdmin, confirm)).status).toBe(404);
    expect((await post(settle, otherAdmin, { ...confirm, acte: 'abandonner', motif: 'x' })).status).toBe(404);
    const { text } = await lab.get(path, operator);
    expect(text).toContain('Inès Essai propose de garder 60 passages');
    expect(text).toContain('&lt;b&gt;par erreur&lt;/b&gt;');
    expect((await post(settle, operator, confirm)).status).toBe(303);
    expect(await heldCount()).toBe(60);
    expect(await openProposals()).toEqual([]);
  });

  it('never lets the hospital remove, whatever the number', async () => {
    const id = await held(10);
    const asked = { acte: 'retirer', motif: 'x', confirme: 'oui', nombre: '20' };
    expect((await post(`/lots/${id}/decision`, ownAdmin, asked)).status).toBe(303);
    expect(await heldCount()).toBe(20);
    expect(await openProposals()).toMatchObject([{ origin: 'facility', decision: 'confirm', count: 20 }]);
  });

  it('says that things have changed, and confirms nothing then', async () => {
    const id = await held(30);
    const path = `/lots/${id}/decision`;
    await post(path, operator, { acte: 'retirer', motif: 'x', confirme: 'oui', nombre: '60' });
    const [proposal] = await openProposals();
    await rig.send(windowOf(0, 0, visitsOf(30, 0), 3));
    expect((await lab.get(path, colleague)).text).toContain('La situation a changé');
    const confirm = { acte: 'confirmer', proposition: proposal?.id ?? '', nombre: '60' };
    expect((await post(`/lots/${id}/proposition`, colleague, confirm)).status).toBe(422);
    const back = { acte: 'abandonner', proposition: proposal?.id ?? '', motif: 'plus d’actualité' };
    expect((await post(`/lots/${id}/proposition`, colleague, back)).status).toBe(303);
    expect(await openProposals()).toEqual([]);
    expect(await actions()).toEqual(['removals.propose-confirm', 'removals.withdraw']);
  });

  it('knows no forged proposal', async () => {
    const id = await held(30);
    for (const proposition of ['', 'x', "' or 1=1 --", '01980000-0000-7000-8000-000000000001'])
      expect(
        (await post(`/lots/${id}/proposition`, operator, { acte: 'confirmer', proposition })).status,
      ).toBe(404);
    expect((await post(`/lots/${id}/decision`, operator, { acte: 'effacer', motif: 'x' })).status).toBe(404);
  });
});
