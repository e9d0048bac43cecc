import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DispatchRow } from '../../../receiver/store/dispatch-table.ts';
import { viewerAs } from '../../support/portal/portal-lab.ts';
import { agent } from '../apply/rig.ts';
import { day, first, openBatchLab, visits, whole, type BatchLab } from './lab.ts';

const own = viewerAs('agency', { destinations: new Set(['agence']) });
const others = viewerAs('agency', { account: 'a-2', destinations: new Set(['national']) });
let lab: BatchLab;
let row: DispatchRow;
let brought: DispatchRow;
const content = Buffer.from('<OSCOUR/>');

beforeEach(async () => {
  lab = await openBatchLab();
  const { id: exportId } = await lab.hospital.send(whole(1, 1, visits(1, 1)));
  const put = (destination: string, name: string) =>
    lab.store.transaction(async (tx) => {
      const facts = {
        name,
        destination,
        facility: first,
        feed: 'ed-visits',
        records: 12,
        from: day(1),
        to: day(1),
      };
      const composed = {
        extract: lab.clock.now(),
        digest: hash('sha256', content, 'hex'),
        composedAt: lab.clock.now(),
      };
      const id = await tx.dispatches.put(
        { ...facts, ...composed, export: exportId, cause: 'export', format: 'f 1' },
        content,
      );
      const found = await tx.dispatches.get(id);
      if (found === undefined) throw new Error('no dispatch');
      return found;
    });
  row = await put('agence', 'A_1.xml');
  brought = await put('national', 'N_1.xml');
});
afterEach(() => lab.close());

const at = (act = ''): string => `/agence/fichiers/agence/${row.id}${act === '' ? '' : `/${act}`}`;
const now = (id = row.id) => lab.store.read((tx) => tx.dispatches.get(id));
const receipts = async (): Promise<readonly string[]> =>
  (await lab.store.read((tx) => tx.receipts.after(agent, 0, 100)))
    .map(({ text }) => (JSON.parse(text) as { kind: string }).kind)
    .filter((kind) => ['forwarded', 'acknowledged', 'refused'].includes(kind));
const actions = async (): Promise<readonly string[]> =>
  (await lab.store.read((tx) => tx.audit.walk(0, 100))).map(({ action }) => action);

/** Files named A_`from`.xml and on. */
const more = async (from: number, to: number): Promise<readonly DispatchRow[]> =>
  lab.store.transaction(async (tx) => {
    const rows: DispatchRow[] = [];
    for (let index = from; index <= to; index += 1) {
      const extract = row.extract + index;
      const put = await tx.dispatches.put({ ...row, name: `A_${index}.xml`, extract }, content);
      const found = await tx.dispatches.get(put);
      if (found !== undefined) rows.push(found);
    }
    return rows;
  });

describe('many files of an agency', () => {
  it('are downloaded in one archive, each with its line in the journal', async () => {
    await more(2, 4);
    expect((await lab.get('/agence', own)).text).toContain('Télécharger 4\u00a0fichiers (zip)');
    const taken = await lab.post('/agence/telecharger/agence', own);
    expect(taken.headers['content-type']).toBe('application/zip');
    expect(taken.headers['content-disposition']).toContain('agence.zip');
    const packed = taken.text.match(/A_\d\.xml/g);
    expect(new Set(packed)).toEqual(new Set(['A_1.xml', 'A_2.xml', 'A_3.xml', 'A_4.xml']));
    expect(await actions()).toEqual(Array.from({ length: 4 }, () => 'delivery.download'));
    expect(await now()).toMatchObject({ state: 'waiting' });
    expect((await lab.get('/agence', own)).text).toContain('Accuser 4\u00a0fichiers…');
    expect(await now()).toMatchObject({ state: 'sent' });
    expect((await lab.post('/agence/telecharger/agence', own)).status).toBe(303);
  });

  it('are acknowledged with one button, each with its line and its receipt', async () => {
    const [second, third] = await more(2, 3);
    await lab.post('/agence/telecharger/agence', own);
    const page = (await lab.get('/agence/accuser/agence', own)).text;
    expect(page).toContain('3\u00a0fichiers chez vous, sans réponse');
    expect(page.match(/type="checkbox"[^>]* checked/g)).toHaveLength(3);
    // One is left out, one is named that nobody took.
    const untaken = (await more(4, 6)).at(-1);
    const fichier = [row.id, second?.id, untaken?.id].map(String);
    expect((await lab.post('/agence/accuser/agence', own, { fichier })).status).toBe(303);
    const states = [];
    for (const id of [row.id, second?.id, third?.id, untaken?.id]) states.push((await now(id))?.state);
    expect(states).toEqual(['acknowledged', 'acknowledged', 'sent', 'waiting']);
    expect((await actions()).filter((name) => name === 'delivery.acknowledge')).toHaveLength(2);
    expect((await receipts()).filter((kind) => kind === 'acknowledged')).toHaveLength(2);
  });

  it('are no other agency’s', async () => {
    for (const path of ['/agence/accuser/agence', '/agence/telecharger/agence']) {
      expect((await lab.post(path, others, { fichier: String(row.id) })).status).toBe(404);
      expect((await lab.post(path, viewerAs('regional-operator'))).status).toBe(404);
    }
    expect((await lab.get('/agence/accuser/agence', others)).status).toBe(404);
    expect((await lab.post('/agence/telecharger/national', others)).status).toBe(404);
    expect(await actions()).toEqual([]);
  });

  it('show their fingerprints in the list', async () => {
    expect((await lab.get('/agence', own)).text).toContain(
      `<abbr title="${row.digest}">${row.digest.slice(0, 12)}</abbr>`,
    );
  });
});

describe('an agency’s deliveries', () => {
  it('are its own, and no other agency’s', async () => {
    const list = (await lab.get('/agence', own)).text;
    expect(list).toContain(`/agence/fichiers/agence/${row.id}`);
    expect(list).toContain('Prêt</span>');
    expect(list).not.toContain('Santé publique');
    for (const path of [at(), `/agence/fichiers/agence/${brought.id}`, `/agence/fichiers/national/${row.id}`])
      expect((await lab.get(path, others)).status, path).toBe(404);
    for (const act of ['telecharger', 'accuser', 'refuser'])
      expect((await lab.post(at(act), others, { motif: 'other', empreinte: row.digest })).status).toBe(404);
    for (const viewer of [
      viewerAs('regional-operator'),
      viewerAs('hospital-admin', { facilities: new Set([first]) }),
    ])
      for (const path of ['/agence', '/agence/couverture', at()])
        expect((await lab.get(path, viewer)).status).toBe(404);
    expect(await now()).toMatchObject({ state: 'waiting', sentAt: null });
    expect(await actions()).toEqual([]);
  });

  it('count as taken once the person who downloaded is back', async () => {
    const taken = await lab.post(at('telecharger'), own);
    expect([taken.status, taken.text]).toEqual([200, content.toString()]);
    expect(await now()).toMatchObject({ state: 'waiting' });
    expect((await lab.get(at(), own)).text).toContain('chez vous, sans réponse encore');
    expect(await now()).toMatchObject({ state: 'sent' });
    expect(await actions()).toEqual(['delivery.download']);
  });

  it('are acknowledged after a download, once, and the hospital is told', async () => {
    await lab.post(at('telecharger'), own);
    expect((await lab.post(at('accuser'), own)).status).toBe(303);
    expect(await now()).toMatchObject({ state: 'acknowledged', code: null });
    const told = await receipts();
    expect(told).toEqual(['forwarded', 'acknowledged']);
    expect((await lab.post(at('accuser'), own)).status).toBe(303);
    expect(await receipts()).toEqual(told);
    expect(await actions()).toEqual(['delivery.download', 'delivery.acknowledge']);
    expect((await lab.get(at(), own)).text).toContain('Vous l’avez accusé');
  });

  it('are acknowledged without a download only by who types their fingerprint', async () => {
    for (const empreinte of ['', 'abc', '0'.repeat(64)]) {
      const refused = await lab.post(at('accuser'), own, { empreinte });
      expect(refused.status).toBe(422);
      expect(refused.text).toContain('n’est pas celle de ce fichier');
    }
    expect(await now()).toMatchObject({ state: 'waiting' });
    const typed = row.digest.toUpperCase().replace(/(.{8})/g, '$1 ');
    expect((await lab.post(at('accuser'), own, { empreinte: typed })).status).toBe(303);
    expect(await now()).toMatchObject({ state: 'acknowledged' });
  });

  it('are refused with a reason of the list, also after an acknowledgement', async () => {
    await lab.post(at('telecharger'), own);
    await lab.post(at('accuser'), own);
    for (const motif of ['', 'DUPONT né le 1/1/1950', '__proto__', 'constructor'])
      expect((await lab.post(at('refuser'), own, { motif })).status).toBe(422);
    expect(await now()).toMatchObject({ state: 'acknowledged' });
    expect((await lab.post(at('refuser'), own, { motif: 'incomplete' })).status).toBe(303);
    expect(await now()).toMatchObject({ state: 'refused', code: 'incomplete' });
    expect((await lab.get(at(), own)).text).toContain('fichier incomplet');
    expect((await actions()).at(-1)).toBe('delivery.refuse');
    expect(await receipts()).toEqual(['forwarded', 'acknowledged', 'refused']);
  });

  it('that are brought can be acknowledged by hand once they were', async () => {
    const path = `/agence/fichiers/national/${brought.id}`;
    expect((await lab.post(`${path}/accuser`, others, { empreinte: brought.digest })).status).toBe(422);
    expect((await lab.post(`${path}/telecharger`, others)).status).toBe(404);
    await lab.store.transaction((tx) =>
      tx.dispatches.setDelivery(brought.id, ['waiting'], {
        ...{
          state: 'sent',
          attempts: 1,
          nextAttemptAt: 0,
          changedAt: 1,
          code: null,
          sentAt: lab.clock.now(),
        },
      }),
    );
    expect((await lab.get('/agence', others)).text).toContain('à accuser');
    expect((await lab.post(`${path}/accuser`, others)).status).toBe(303);
    expect(await now(brought.id)).toMatchObject({ state: 'acknowledged' });
  });

  it('that the region set aside, or paused, are not given', async () => {
    await lab.store.transaction((tx) =>
      tx.destinations.put({
        ...{ name: 'agence', breaker: 'closed', failures: 0, nextAttemptAt: 0, code: null, since: 0 },
        ...{ pausedBy: 'P', pausedAt: 1 },
      }),
    );
    expect((await lab.post(at('telecharger'), own)).status).toBe(503);
    await lab.store.transaction((tx) =>
      tx.dispatches.setDelivery(row.id, ['waiting'], {
        ...{ state: 'dead', attempts: 0, nextAttemptAt: 0, changedAt: 1, code: 'dispatch-set-aside' },
      }),
    );
    expect((await lab.get(at(), own)).text).toContain('mis de côté par la région');
    expect((await lab.post(at('accuser'), own, { empreinte: row.digest })).status).toBe(404);
    expect((await lab.post(at('telecharger'), own)).status).toBe(422);
    expect(await actions()).toEqual([]);
  });

  it('come with their coverage, and with the way to an empty account', async () => {
    expect((await lab.get('/agence/couverture', own)).status).toBe(200);
    const nobody = viewerAs('agency', { destinations: new Set() });
    expect((await lab.get('/agence', nobody)).text).toContain('Aucune destination ne vous est confiée');
    expect((await lab.get('/en/agence', own)).text).toContain('to fetch');
  });
});
