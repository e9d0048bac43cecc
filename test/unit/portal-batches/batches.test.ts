import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeliveryState } from '../../../receiver/store/dispatch-table.ts';
import { viewerAs } from '../../support/portal/portal-lab.ts';
import { day, first, openBatchLab, second, startAt, visit, visits, whole, type BatchLab } from './lab.ts';

const operator = viewerAs('regional-operator');
const ofFirst = viewerAs('hospital-admin', { facilities: new Set([first]) });
let lab: BatchLab;
let sent: Awaited<ReturnType<BatchLab['hospital']['send']>>;
let others: typeof sent;

beforeAll(async () => {
  lab = await openBatchLab();
  sent = await lab.hospital.send(whole(1, 2, [...visits(3, 1), ...visits(2, 2)]));
  others = await lab.other.send(whole(1, 1, visits(2, 1, second)));
});
afterAll(() => lab.close());

const page = async (path: string, viewer = operator): Promise<string> => {
  const { status, text } = await lab.get(path, viewer);
  expect(status, path).toBe(200);
  return text;
};
const move = (id: number, state: DeliveryState, code: string | null = null) =>
  lab.store.transaction((tx) =>
    tx.dispatches.setDelivery(id, ['waiting', 'sending', 'sent', 'acknowledged', 'refused', 'dead'], {
      ...{ state, attempts: 1, nextAttemptAt: 0, changedAt: startAt + 5000, code, sentAt: startAt + 4000 },
    }),
  );
const heading = (text: string): string =>
  (/<h1>([\s\S]*?)<\/h1>/.exec(text)?.[1] ?? '').replace(/<[^>]+>/g, '').replace(/[\u00a0\u202f]/g, ' ');

describe('a batch', () => {
  it('shows the seven marks of its way, what it changed by day, and a count that adds up', async () => {
    const text = await page(`/lots/${sent.id}`);
    for (const name of ['Déposé', 'Scellé', 'Reçu', 'Contrôlé', 'Conservé', 'Envoyé', 'Accusé'])
      expect(text).toContain(`<h3>${name}</h3>`);
    const rows = [...text.matchAll(/<tr><th scope="row" class="nowrap">([^<]+)<\/th>([\s\S]*?)<\/tr>/g)].map(
      ([, , cells]) =>
        [...(cells ?? '').matchAll(/<td[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell]) =>
          (cell ?? '').replace(/<[^>]+>/g, ''),
        ),
    );
    expect(rows).toEqual([
      ['0', '3', '3', '·aucun', '·aucun'],
      ['0', '2', '2', '·aucun', '·aucun'],
    ]);
    expect(text).toContain('<dt>Passages lus dans le fichier</dt><dd>5</dd>');
    expect(text).toContain('<dt>Conservés sans remarque</dt><dd>5</dd>');
    expect(text).toContain(sent.receipt.id);
  });

  it('says of every state of its dispatch what became of it', async () => {
    const [dispatch] = await lab.store.read((tx) => tx.dispatches.ofExport(sent.id));
    const id = dispatch?.id ?? 0;
    const said: [DeliveryState, string | null, string, string][] = [
      ['waiting', null, 'En attente', 'conservé ; son envoi vient'],
      ['sending', null, 'En cours d’envoi', 'conservé ; son envoi vient'],
      ['sent', null, 'Envoyé', 'envoyé à 1 de ses 2 destinations'],
      ['acknowledged', null, 'Accusé', 'accusé par 1 de ses 2 destinations'],
      ['refused', 'E42', 'Refusé', 'refusé par Santé publique'],
      ['dead', 'dispatch-set-aside', 'Mis de côté', 'conservé ; son envoi vient'],
    ];
    for (const [state, code, badge, sentence] of said) {
      await move(id, state, code);
      const text = await page(`/lots/${sent.id}`);
      expect(text, state).toMatch(
        new RegExp(
          `<h3>Santé publique</h3><div class="right"><span class="b [^"]*"><svg[^>]*>.*?</svg>${badge}</span>`,
        ),
      );
      expect(heading(text), state).toContain(sentence);
    }
    // The weekly destination says when, and nothing is said of what the settings do not know.
    expect(await page(`/lots/${sent.id}`)).toContain('Programmé');
    await move(id, 'acknowledged');
  });

  it('that is held asks for a decision and says that it has removed nothing', async () => {
    await lab.hospital.send(whole(5, 5, visits(30, 5)));
    const held = await lab.hospital.send(whole(5, 5, visits(4, 5), 7));
    expect(held.state).toBe('held');
    const text = await page(`/lots/${held.id}`);
    expect(heading(text)).toBe('Ce fichier effacerait 26 passages déjà reçus : il attend une décision.');
    expect(text).toContain('Il n’a rien retiré.');
    expect(text).not.toContain('Compte exact');
    expect(text).toContain('<li class="held">');
    expect(text).toContain('<th scope="col" class="num">Suspendus</th>');
  });

  it('names rule and line of a finding, and never a value', async () => {
    const twins = await lab.hospital.send(
      whole(8, 8, [visit(1, 8, first, { postalCode: '75999' }), visit(1, 8, first, { postalCode: '75999' })]),
    );
    const text = await page(`/lots/${twins.id}`);
    expect(text).toContain('Plusieurs enregistrements ont la même clé');
    expect(text).toContain('<th scope="row">20</th>');
    expect(text).not.toContain('75999');
    expect(text.replace(/[\u00a0\u202f]/g, ' ')).toContain('<dt>Conservés et signalés</dt><dd>1</dd>');
  });

  it('that changed nothing shows the dispatch in force, and one received before its original', async () => {
    const again = await lab.other.send({ ...whole(1, 1, visits(2, 1, second)), receivedAt: startAt });
    expect(heading(await page(`/lots/${again.id}`))).toContain('n’a rien changé');
    expect(await page(`/lots/${again.id}`)).toContain('L’envoi en vigueur');
    const digest = '7'.repeat(64);
    const one = await lab.other.send({
      ...whole(3, 3, visits(1, 3, second)),
      manifest: { ...whole(3, 3, []).manifest, digest },
    });
    const copy = await lab.other.send({
      ...whole(3, 3, visits(1, 3, second)),
      manifest: { ...whole(3, 3, []).manifest, digest },
    });
    const text = await page(`/lots/${copy.id}`);
    expect(heading(text)).toBe('Ce fichier est déjà reçu : rien n’a changé.');
    expect(text).toContain(`href="/lots/${one.id}"`);
  });

  it('that has not all arrived, waits, or was refused says so without a dispatch', async () => {
    const row = {
      ...{
        agent: sent.receipt.agent,
        feed: 'ed-visits',
        part: '0',
        source: 's',
        slicesSeen: 1,
        manifest: null,
      },
      ...{ digest: null, extract: null, outcome: null, receivedAt: startAt },
    };
    for (const [at, [state, sentence, facility]] of (
      [
        ['receiving', 'Ce lot arrive', first],
        ['complete', 'Ce lot est arrivé en entier', first],
        ['waiting', 'son établissement n’est pas enregistré', '990000036'],
        ['rejected', 'Ce lot est refusé', first],
      ] as const
    ).entries()) {
      const id = `0198000${at}-0000-7000-8000-00000000000${at}`;
      await lab.store.transaction(async (tx) =>
        tx.exports.put({ ...row, id, facility, state, reception: await tx.exports.nextReception() }),
      );
      expect(heading(await page(`/lots/${id}`)), state).toContain(sentence);
    }
  });

  it('gives its receipts as they were signed, with their proofs', async () => {
    const { status, text, headers } = await lab.get(`/lots/${sent.id}/recus`, ofFirst);
    expect(status).toBe(200);
    expect(String(headers['content-disposition'])).toContain('attachment');
    const file = JSON.parse(text) as {
      receipts: { text: string; proof: number }[];
      proofs: { id: number }[];
    };
    expect(JSON.parse(file.receipts[0]?.text ?? '{}')).toMatchObject({ kind: 'processed', export: sent.id });
    expect(file.proofs.map(({ id }) => id)).toContain(file.receipts[0]?.proof);
  });

  it('of another hospital does not exist, nor for an agency', async () => {
    for (const path of [`/lots/${others.id}`, `/lots/${others.id}/recus`]) {
      expect((await lab.get(path, ofFirst)).status).toBe(404);
      expect((await lab.get(path, viewerAs('agency', { destinations: new Set(['national']) }))).status).toBe(
        404,
      );
      expect((await lab.get(path, viewerAs('health-professional'))).status).toBe(404);
    }
    expect((await lab.get(`/lots/${sent.id}`, ofFirst)).status).toBe(200);
    expect((await lab.get('/lots/rien', operator)).status).toBe(404);
  });

  it('offers only what its reader may do', async () => {
    const asked = `/etablissements/${first}/renvoi?du=`;
    expect(await page(`/lots/${sent.id}`, ofFirst)).toContain(asked);
    expect(await page(`/lots/${sent.id}`, ofFirst)).not.toContain('"/renvoi?');
    expect(await page(`/lots/${sent.id}`)).toContain('"/renvoi?du=');
    for (const profile of ['read-only', 'auditor'] as const)
      expect(await page(`/lots/${sent.id}`, viewerAs(profile))).not.toMatch(/\/renvoi\?/);
  });
});

describe('the list of batches', () => {
  it('shows each reader what is theirs', async () => {
    expect(await page('/lots')).toContain(others.id);
    const own = await page('/lots', ofFirst);
    expect(own).toContain(sent.id);
    expect(own).not.toContain(others.id);
    expect(await page(`/lots?etablissement=${second}`, ofFirst)).toContain('Aucun lot ici');
    expect(own).not.toContain('Ancy');
  });

  it('filters by facility, state and day, and turns pages', async () => {
    expect(await page(`/lots?etablissement=${second}`)).not.toContain(sent.id);
    const held = await page('/lots?etat=retenu');
    expect(held).toContain('Retenu</span>');
    expect(held).not.toContain(sent.id);
    expect(await page('/lots?du=2031-01-01')).toContain('Aucun lot ici');
    expect(await page('/lots?du=x&etat=constructor&apres=-1')).toContain(sent.id);
    const many = await openBatchLab();
    for (let n = 0; n < 52; n += 1) await many.hospital.send(whole(n, n, visits(1, n)));
    const newest = (await many.get('/lots?etat=controle', operator)).text;
    expect(newest.match(/<tr><th scope="row">/g)).toHaveLength(50);
    const next = /href="(\/lots\?[^"]*apres=[^"]*)"/.exec(newest)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(next).toContain('etat=controle');
    const older = (await many.get(next, operator)).text;
    expect(older.match(/<tr><th scope="row">/g)).toHaveLength(2);
    expect(older).not.toContain('Lots plus anciens');
    await many.close();
  });

  it('goes straight to the one thing a search names', async () => {
    const [dispatch] = await lab.store.read((tx) => tx.dispatches.ofExport(others.id));
    const to = async (q: string, viewer = operator): Promise<string | undefined> =>
      (await lab.get(`/lots?q=${encodeURIComponent(q)}`, viewer)).location;
    expect(await to(sent.id)).toBe(`/lots/${sent.id}`);
    expect(await to(` ${sent.id.toUpperCase()} `)).toBe(`/lots/${sent.id}`);
    expect(await to(dispatch?.name ?? '')).toBe(`/lots/${others.id}`);
    expect(await to(`${dispatch?.name ?? ''}.zip.gpg`)).toBe(`/lots/${others.id}`);
    expect(await to(first)).toBe(`/etablissements/${first}`);
    expect(await to('99 000 0010')).toBe(`/etablissements/${first}`);
    expect(await to("HOPITAL PRIVE D'ANCY")).toBe(`/etablissements/${second}`);
    // What is another's is found by nobody else.
    for (const q of [others.id, dispatch?.name ?? '', second, 'Ancy'])
      expect(await to(q, ofFirst)).toBeUndefined();
    expect(await page('/lots?q=h%C3%B4pital', ofFirst)).toContain('Rien ne porte');
  });

  it('lists what a search names when it is several things', async () => {
    const text = await page(`/lots?q=${sent.id.slice(0, 6)}`);
    expect(text).toContain(`href="/lots/${sent.id}"`);
    expect(text).toContain(`href="/lots/${others.id}"`);
  });

  it('shows hostile texts as texts', async () => {
    for (const q of [
      '<script>alert(1)</script>',
      '%',
      '_',
      "' or 1=1 --",
      '\u0000',
      'x'.repeat(5000),
      '990000010%',
    ]) {
      const { status, text } = await lab.get(`/lots?q=${encodeURIComponent(q)}`, ofFirst);
      expect(status, q).toBe(200);
      expect(text).not.toContain('<script>alert');
      expect(text).toContain('Rien ne porte');
    }
  });

  it('speaks English under its address', async () => {
    expect(await page('/en/lots')).toContain('Did this file arrive?');
    expect(await page(`/en/lots/${sent.id}`)).toContain('acknowledged by 1 of its 2 destinations');
    expect(day(1)).toBe(20_091);
  });
});
