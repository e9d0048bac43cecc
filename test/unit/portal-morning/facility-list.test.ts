import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { viewerAs } from '../../support/portal/portal-lab.ts';
import { finess } from '../../support/rpu-text.ts';
import { createMorningLab, type MorningLab } from './morning-lab.ts';
import { between, heading, textOf } from './page-text.ts';

const operator = viewerAs('read-only');
let lab: MorningLab;
beforeAll(async () => {
  lab = await createMorningLab({
    names: ['Évry-le-Bas', 'Brumeval', 'Castelbrun'],
    nights: { 0: { 0: 'silent' }, 1: { 0: 'late', 3: 'low' } },
  });
  await lab.store.transaction((tx) =>
    tx.facilities.put({ finess: finess(9), name: 'Nouveau', key: Buffer.alloc(32, 1), addedAt: 1 }),
  );
}, 60_000);
afterAll(() => lab.close());

const namesAt = async (path: string): Promise<readonly string[]> => {
  const { text } = await lab.get(path, operator);
  if (!text.includes('<tbody>')) return [];
  const body = between(text, '<tbody>', '</tbody>');
  return [...body.matchAll(/<th scope="row"><a [^>]*>(.*?)<\/a>/g)].map(([, name]) => name ?? '');
};

describe('the list of facilities', () => {
  it('says who is connected and who is not yet', async () => {
    const { text } = await lab.get('/etablissements', operator);
    expect(heading(text)).toBe('Raccordés : 3 sur 4. Sans premier fichier : 1.');
    expect(textOf(between(text, '>Nouveau<', '</tr>'))).toContain('Pas encore raccordé aucun agent jamais');
    expect(textOf(between(text, '>Castelbrun<', '</tr>'))).toMatch(/Reçu 07:00 02:30 100 \/ 100 100 % —$/);
  });

  it('is sorted by what its address says, and tells readers of screens', async () => {
    expect(await namesAt('/etablissements')).toEqual(['Brumeval', 'Castelbrun', 'Évry-le-Bas', 'Nouveau']);
    expect(await namesAt('/etablissements?tri=etat')).toEqual([
      ...['Évry-le-Bas', 'Brumeval', 'Nouveau', 'Castelbrun'],
    ]);
    expect((await namesAt('/etablissements?tri=volume&ordre=desc'))[0]).toBe('Brumeval');
    const { text } = await lab.get('/etablissements?tri=etat', operator);
    expect(text.match(/aria-sort="ascending"/g)).toHaveLength(1);
    expect(text).toContain('href="/etablissements?tri=etat&amp;ordre=desc"');
  });

  it('finds names without their accents, and FINESS', async () => {
    expect(await namesAt('/etablissements?q=evry')).toEqual(['Évry-le-Bas']);
    expect(await namesAt(`/etablissements?q=${finess(2)}`)).toEqual(['Brumeval']);
    expect(await namesAt('/etablissements?q=zzz')).toEqual([]);
  });

  it('keeps those in one state, or to be dealt with', async () => {
    expect(await namesAt('/etablissements?etat=silence')).toEqual(['Évry-le-Bas']);
    expect(await namesAt('/etablissements?etat=a-traiter')).toEqual(['Brumeval', 'Évry-le-Bas']);
    expect(await namesAt('/etablissements?etat=non-raccorde')).toEqual(['Nouveau']);
    expect(await namesAt('/etablissements?territoire=69')).toEqual([]);
  });

  it('shows another day when asked', async () => {
    const { text } = await lab.get('/etablissements?jour=2026-06-15', operator);
    expect(textOf(between(text, '>Brumeval<', '</tr>'))).toContain('Bas');
    expect(textOf(text)).toContain('Lundi 15 juin 2026');
    const { text: future } = await lab.get('/etablissements?jour=2030-01-01', operator);
    expect(textOf(future)).toContain('Jeudi 18 juin 2026');
  });
});
