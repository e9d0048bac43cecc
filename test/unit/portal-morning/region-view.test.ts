import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegionView, type RegionView } from '../../../receiver/pages/reads/region-view.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { createMorningLab, type MorningLab } from './morning-lab.ts';

const everybody = { facilities: 'all', destinations: 'all' } as const;
const logger = createLogger({ name: 'test', level: 'silent' });

let lab: MorningLab;
beforeAll(async () => {
  lab = await createMorningLab({ names: ['Ancy', 'Brumeval'], nights: { 0: { 0: 'silent' } } });
}, 60_000);
afterAll(() => lab.close());

interface Watched {
  readonly view: RegionView;
  /** Facilities read so far: two a judgement. */
  readonly reads: () => number;
  readonly fail: (yes: boolean) => void;
}

function watchedView(): Watched {
  let [reads, failing] = [0, false];
  const store: Store = {
    ...lab.store,
    read: (work) =>
      lab.store.read(async (tx) => {
        const { facilities } = tx;
        const list = async () => {
          reads += 1;
          if (failing) throw new Error('no disk');
          return facilities.list();
        };
        return work({ ...tx, facilities: { ...facilities, list } });
      }),
  };
  const view = createRegionView({ store, config: lab.config, clock: lab.clock, logger });
  return { view, reads: () => reads, fail: (yes) => (failing = yes) };
}

describe('the region judged once for all', () => {
  it('is judged once however many ask at the same time', async () => {
    const { view, reads } = watchedView();
    const all = await Promise.all(Array.from({ length: 20 }, () => view.seenBy(everybody)));
    expect(new Set(all).size).toBe(1);
    expect(reads()).toBe(1);
    await view.stop();
  });

  it('is shown as it is while nothing moves, and judged again within a minute', async () => {
    const { view, reads } = watchedView();
    const first = await view.seenBy(everybody);
    lab.clock.advance(30_000);
    expect(await view.seenBy(everybody)).toBe(first);
    expect(reads()).toBe(1);
    lab.clock.advance(31_000);
    // The old one is shown while the new one is made.
    expect(await view.seenBy(everybody)).toBe(first);
    await view.stop();
    expect(reads()).toBe(2);
  });

  it('is judged again when the watching has been round, but not within fifteen seconds', async () => {
    const { view, reads } = watchedView();
    await view.seenBy(everybody);
    await lab.look();
    lab.clock.advance(1000);
    await lab.look();
    await view.seenBy(everybody);
    expect(reads()).toBe(1);
    lab.clock.advance(15_000);
    await view.seenBy(everybody);
    await view.stop();
    expect(reads()).toBe(2);
  });

  it('is never shown when older than two minutes', async () => {
    const { view } = watchedView();
    const first = await view.seenBy(everybody);
    lab.clock.advance(121_000);
    const second = await view.seenBy(everybody);
    expect(second.at - first.at).toBe(121_000);
    await view.stop();
  });

  it('knows at once of what a person has just changed', async () => {
    const { view } = watchedView();
    const [first] = lab.hospitals;
    const before = await view.seenBy(everybody);
    expect(before.calls).toHaveLength(1);
    const notice = { facility: first?.finess ?? '', kind: 'closed', from: lab.last, to: lab.last } as const;
    const id = await lab.store.transaction((tx) =>
      tx.notices.add({ ...notice, reason: 'travaux', person: 'C', at: lab.clock.now() }),
    );
    view.forget();
    expect((await view.seenBy(everybody)).calls).toHaveLength(0);
    await lab.store.transaction((tx) => tx.notices.end(id));
    await view.stop();
  });

  it('shows the old one with its age when a new one cannot be made', async () => {
    const { view, fail } = watchedView();
    const first = await view.seenBy(everybody);
    fail(true);
    lab.clock.advance(300_000);
    expect((await view.seenBy(everybody)).at).toBe(first.at);
    fail(false);
    expect((await view.seenBy(everybody)).at).toBeGreaterThan(first.at);
    await view.stop();
  });

  it('refuses when there never was one', async () => {
    const { view, fail } = watchedView();
    fail(true);
    await expect(view.seenBy(everybody)).rejects.toThrow('no disk');
    await view.stop();
  });

  it('reaches further back for who asks', async () => {
    const { view } = watchedView();
    const [month, quarter] = [await view.seenBy(everybody), await view.seenBy(everybody, 90)];
    expect(month.to - month.from).toBe(35);
    expect(quarter.to - quarter.from).toBe(91);
    await view.stop();
  });
});
