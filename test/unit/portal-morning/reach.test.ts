import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { viewerAs } from '../../support/portal/portal-lab.ts';
import { createMorningLab, type MorningLab } from './morning-lab.ts';
import { heading } from './page-text.ts';

const names = ['Ancy', 'Brumeval', 'Castelbrun'];
let lab: MorningLab;
beforeAll(async () => {
  lab = await createMorningLab({ names, nights: { 0: { 0: 'silent' }, 1: { 0: 'held' } } });
}, 60_000);
afterAll(() => lab.close());

const finessOf = (at: number): string => lab.hospitals[at]?.finess ?? '';
const paths = ['/', '/etablissements', '/mon-etablissement', '/?jours=90', '/etablissements?etat=silence'];

describe('who sees what of the region', () => {
  it('shows the region to its operators, readers and auditors', async () => {
    for (const profile of ['regional-operator', 'read-only', 'auditor'] as const)
      for (const path of ['/', '/etablissements'])
        for (const name of names) expect((await lab.get(path, viewerAs(profile))).text).toContain(name);
  });

  it('answers a hospital with its own page, or the list of its own', async () => {
    const one = viewerAs('hospital-admin', { facilities: new Set([finessOf(0)]) });
    expect((await lab.get('/en/mon-etablissement', one)).location).toBe(`/en/etablissements/${finessOf(0)}`);
    const two = viewerAs('hospital-admin', { facilities: new Set([finessOf(0), finessOf(1)]) });
    const { text } = await lab.get('/mon-etablissement', two);
    expect(heading(text)).toBe('2 établissements vous sont rattachés.');
    expect(text).toContain('Brumeval');
  });

  it('tells a hospital without a facility what to do', async () => {
    const { text } = await lab.get('/mon-etablissement', viewerAs('hospital-admin'));
    expect(heading(text)).toBe('Aucun établissement n’est rattaché à votre compte');
  });

  it('never names another hospital, anywhere', async () => {
    const own = viewerAs('hospital-admin', { facilities: new Set([finessOf(0), finessOf(1)]) });
    for (const path of paths) {
      const { text, status } = await lab.get(path, own);
      expect(text).not.toContain('Castelbrun');
      expect(text).not.toContain(finessOf(2));
      if (path.startsWith('/etablissements')) expect(status).toBe(404);
    }
    for (const profile of ['agency', 'health-professional'] as const)
      for (const path of paths) {
        const { text } = await lab.get(path, viewerAs(profile));
        for (const name of names) expect(text).not.toContain(name);
      }
  });

  it('judges only what is within reach: not a call, not a destination of others', async () => {
    const { createRegionView } = await import('../../../receiver/pages/reads/region-view.ts');
    const { createLogger } = await import('../../../shared/runtime/logger.ts');
    const logger = createLogger({ name: 'test', level: 'silent' });
    const view = createRegionView({ ...lab, logger });
    const seen = await view.seenBy({ facilities: new Set([finessOf(1)]), destinations: new Set() });
    expect(seen.pairs.map(({ name }) => name)).toEqual(['Brumeval']);
    expect(seen.calls.map(({ name }) => name)).toEqual(['Brumeval']);
    expect(JSON.stringify(seen)).not.toContain('Ancy');
    expect(seen.destinations).toEqual([]);
    await view.stop();
  });
});
