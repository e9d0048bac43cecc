import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRight, type Viewer } from '../../../receiver/accounts/profile.ts';
import type { Page } from '../../../receiver/pages/page.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import { createDemoRegion, type DemoRegion } from '../../support/portal/demo-region.ts';
import { createPortalLab, viewerAs, type PortalLab } from '../../support/portal/portal-lab.ts';

/** Whatever page there is or will be: what lies out of a viewer's reach is on none of them. */
let region: DemoRegion;
let lab: PortalLab | undefined;
let pages: readonly Page[] = [];
let batches: ReadonlyMap<string, string>;
let dispatches: ReadonlyMap<string, number>;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-reach-'));
  const now = Date.now();
  region = await createDemoRegion({ folder, now, hospitals: 14, days: 9 });
  lab = await createPortalLab({
    ...{ region, startAt: now },
    replace: (all) => {
      pages = all;
      return all;
    },
  });
  const recent = await open().store.read((tx) => tx.exports.recent(1000));
  batches = new Map(recent.map(({ facility, id }) => [facility, id]));
  const sent = await open().store.read((tx) => tx.dispatches.recent(1000));
  dispatches = new Map(sent.map(({ destination, id }) => [destination, id]));
}, 120_000);
afterAll(() => lab?.close());

const open = (): PortalLab => {
  if (lab === undefined) throw new Error('no pages');
  return lab;
};

/** Every page a viewer may ask for, with these in the places of its parameters. */
function addresses(viewer: Viewer, values: Readonly<Record<string, string>>): readonly string[] {
  return pages
    .filter(({ see, get }) => get !== undefined && (!Array.isArray(see) || hasRight(viewer, see)))
    .map(({ path }) => path.replaceAll(/:(\w+)/g, (_whole, name: string) => values[name] ?? 'x'));
}

describe('what is out of reach', () => {
  it('is on no page of a hospital: neither the name nor the number of another', async () => {
    const [own, other] = [region.hospitals[10], region.hospitals[6]];
    if (own === undefined || other === undefined) throw new Error('the region is too small');
    const viewer = viewerAs('hospital-admin', { facilities: new Set([own.finess]) });
    const alerts = await open().store.read((tx) => tx.alerts.open(1000));
    const id = batches.get(own.finess) ?? '';
    const mine = { finess: own.finess, date: dayToIso(region.last), id, name: 'spf' };
    for (const url of [...addresses(viewer, mine), ...alerts.map((one) => `/alertes/${one.id}`)]) {
      const { text } = await open().get(url, viewer);
      for (const { name, finess } of region.hospitals.filter((one) => one !== own)) {
        expect(text.includes(name), `${url} names ${name}`).toBe(false);
        expect(text.includes(finess), `${url} shows ${finess}`).toBe(false);
      }
    }
    const theirs = {
      ...{ finess: other.finess, date: dayToIso(region.last), name: 'spf' },
      id: batches.get(other.finess) ?? '',
    };
    const foreign = addresses(viewer, theirs).filter(
      (url) => url.includes(theirs.finess) || url.includes(theirs.id),
    );
    expect(foreign.length).toBeGreaterThan(8);
    for (const url of foreign) {
      const { status, text } = await open().get(url, viewer);
      expect([url, status]).toEqual([url, 404]);
      expect(text).not.toContain(other.name);
    }
  });

  it('cannot be acted on by a hospital', async () => {
    const [own, other] = [region.hospitals[10], region.hospitals[6]];
    const viewer = viewerAs('hospital-admin', { facilities: new Set([own?.finess ?? '']) });
    const theirs = { finess: other?.finess ?? '', id: batches.get(other?.finess ?? '') ?? '' };
    const acts = pages.filter(
      ({ act, path }) =>
        act !== undefined &&
        act.uploadBytes === undefined &&
        (!Array.isArray(act.may) || hasRight(viewer, act.may)) &&
        /:(finess|id)/.test(path) &&
        !path.startsWith('/alertes'),
    );
    expect(acts.length).toBeGreaterThan(5);
    for (const { path } of acts) {
      const url = path.replaceAll(/:(finess|id)/g, (_whole, name: 'finess' | 'id') => theirs[name]);
      const { status } = await open().post(url, viewer, {
        motif: 'essai',
        acte: 'garder',
        nom: 'x',
        texte: 'x',
      });
      expect([url, status]).toEqual([url, 404]);
    }
  });

  it('is on no page of an agency: neither another destination nor its files', async () => {
    const viewer = viewerAs('agency', { destinations: new Set(['ars']) });
    const id = String(dispatches.get('spf') ?? 0);
    for (const url of addresses(viewer, { destination: 'spf', id }).filter((one) => one.includes('spf')))
      expect([url, (await open().get(url, viewer)).status]).toEqual([url, 404]);
    for (const url of addresses(viewer, { destination: 'ars', id: String(dispatches.get('ars') ?? 0) }))
      expect((await open().get(url, viewer)).text, url).not.toMatch(/\bspf\b/);
  });
});
