import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendAudit } from '../../../receiver/audit/audit-log.ts';
import { checkOnward } from '../../../receiver/audit/check-audit.ts';
import { createPortalLab, viewerAs, type PortalLab } from '../../support/portal/portal-lab.ts';

const auditor = viewerAs('auditor');
const formula = '=HYPERLINK("http://x")';
let lab: PortalLab;
beforeAll(async () => {
  lab = await createPortalLab({ startAt: Date.UTC(2026, 10, 20, 8) });
  const { store, clock } = lab;
  const write = (
    entry: Parameters<typeof appendAudit>[3],
    name = 'Camille Essai',
    kind = 'account' as const,
  ) => store.transaction((tx) => appendAudit(tx, clock, { kind, id: name, name }, entry));
  await store.transaction((tx) =>
    tx.facilities.put({ finess: '990000010', name: 'Hôpital A', key: Buffer.alloc(32), addedAt: 1 }),
  );
  await write({
    ...{ action: 'removals.keep', subject: 'lot-1', facility: '990000010', reason: 'filtre oublié' },
    facts: { visits: 214, from: '2026-11-14', to: '2026-11-16' },
  });
  await write({ action: 'record.read', subject: 'abcdef12', facility: '990000010' }, 'Inès Essai');
  await write({ action: 'new.thing', subject: '<script>alert(1)</script>', reason: formula }, formula);
  await write({ action: 'constructor', subject: '{who} {reason}', facts: { toString: 'x' } });
  for (let i = 0; i < 150; i += 1) await write({ action: 'alert.take', subject: String(i) });
  await checkOnward(store, clock);
});
afterAll(() => lab.close());

describe('the journal', () => {
  it('opens with how far the chain holds', async () => {
    lab.clock.advance(3 * 60_000);
    const { text } = await lab.get('/journal', auditor);
    expect(text).toContain('<h1>La chaîne est vérifiée jusqu’à la ligne 154, il y a 3 min.</h1>');
    expect(text).toContain('Camille Essai prend l’alerte 149');
    expect(text).not.toContain('lot-1');
  });

  it('goes to older lines, a hundred at a time', async () => {
    const { text } = await lab.get('/journal?avant=55', auditor);
    expect(text).toContain(
      'Camille Essai garde 214 passages (14 nov. au 16 nov.), lot lot-1\u202f: filtre oublié',
    );
    expect(text).toContain('Inès Essai consulte le trajet d’un passage');
    expect((await lab.get('/journal', auditor)).text).toContain('href="/journal?avant=55"');
  });

  it('tells a token as one, and never as a person of that name', async () => {
    const { store, clock } = lab;
    const write = (id: string) =>
      store.transaction((tx) =>
        appendAudit(
          tx,
          clock,
          { kind: 'system', id, name: 'Inès Essai' },
          {
            ...{ action: 'extraction.cancelled', subject: 'x-1', facility: '990000010' },
          },
        ),
      );
    await write('01890000-0000-7000-8000-000000000001');
    await write('retention');
    const said = (text: string): readonly string[] =>
      [...text.matchAll(/<td class="full">([^<]*(?:annule|cancels)[^<]*)</g)].map(([, each = '']) => each);
    expect(said((await lab.get('/journal', auditor)).text)).toEqual([
      'Inès Essai annule l’extraction x-1',
      'Le jeton «\u00a0Inès Essai\u00a0» annule l’extraction x-1',
    ]);
    expect(said((await lab.get('/en/journal', auditor)).text)).toContain(
      'The token “Inès Essai” cancels extraction x-1',
    );
  });

  it('filters by who, what, where and when, from the address', async () => {
    const lines = async (query: string): Promise<number> =>
      ((await lab.get(`/journal?${query}`, auditor)).text.match(/<tr><th scope="row"/g) ?? []).length;
    expect(await lines(`qui=${encodeURIComponent('Inès Essai')}`)).toBe(3);
    expect(await lines('action=record.read')).toBe(1);
    expect(await lines('etablissement=990000010')).toBe(4);
    expect(await lines('du=2026-11-21')).toBe(0);
    expect(await lines('du=2026-11-20&au=2026-11-20&action=removals.keep')).toBe(1);
    expect(await lines('avant=x&du=x')).toBe(100);
  });

  it('shows what others wrote as text only', async () => {
    const { text } = await lab.get('/journal?avant=6', auditor);
    expect(text).not.toContain('<script>alert');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('constructor');
  });

  it('gives a file that no spreadsheet takes for formulas', async () => {
    const { text, headers } = await lab.get('/journal/fichier?avant=6', auditor);
    expect(headers['content-type']).toMatch(/^text\/csv/);
    const row = text.split('\r\n').find((each) => each.includes('new.thing')) ?? '';
    expect(row).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(text).not.toMatch(/(^|;|")=/m);
  });

  it('is for auditors and the region', async () => {
    for (const profile of ['read-only', 'hospital-admin', 'agency', 'health-professional'] as const)
      for (const path of ['/journal', '/journal/fichier'])
        expect((await lab.get(path, viewerAs(profile))).status).toBe(404);
    const narrow = viewerAs('regional-operator', { facilities: new Set(['990000010']) });
    const { text } = await lab.get('/journal?avant=6', narrow);
    expect(text).toContain('lot-1');
    expect(text).not.toContain('constructor');
  });

  it('says where the chain is broken', async () => {
    await lab.store.transaction((tx) =>
      tx.audit.putCheck({
        ...{ cursorSeq: 0, cursorHash: '0'.repeat(64), startedAt: 1, verifiedSeq: 9, verifiedAt: 1 },
        ...{ faultSeq: 7, fault: 'altered' },
      }),
    );
    expect((await lab.get('/journal', auditor)).text).toContain('La chaîne est rompue à la ligne 7.');
    expect((await lab.get('/en/journal', auditor)).text).toContain('The chain is broken at line 7.');
  });
});
