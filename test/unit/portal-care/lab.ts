import { createPortalLab, viewerAs, type PortalLab } from '../../support/portal/portal-lab.ts';
import { finess } from '../../support/rpu-text.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { dayFromIso, instantOf, type Day } from '../../../shared/runtime/paris-time.ts';

export const [own, other] = [finess(11), finess(12)];
export const agent = '01980000-0000-7000-8000-000000000001';
export const today = day('2026-11-20');
/** Friday 20 November 2026, 08:00 in Paris. */
export const startAt = instantOf(today, 8 * 3_600_000).at;
export const hostile = `<script>alert('x')</script>"'&`;

export const operator = viewerAs('regional-operator');
export const hospital = viewerAs('hospital-admin', { facilities: new Set([own]) });
export const reader = viewerAs('read-only');
export const agency = viewerAs('agency', { destinations: new Set(['d']) });

export function day(iso: string): Day {
  const found = dayFromIso(iso);
  if (found === undefined) throw new Error(iso);
  return found;
}

/** Two facilities, an agent that feeds the first, and visits of the 10th and the 12th to the 19th: the 11th is lacking. */
export function careLab(more: (store: Store) => Promise<void> = async () => undefined): Promise<PortalLab> {
  return createPortalLab({
    startAt,
    prepare: async (store) => {
      await store.transaction(async (tx) => {
        await tx.facilities.put({
          finess: own,
          name: 'CH de Montrevel',
          key: Buffer.alloc(32, 1),
          addedAt: 1,
        });
        await tx.facilities.put({
          finess: other,
          name: 'CHU d’Ailleurs',
          key: Buffer.alloc(32, 2),
          addedAt: 1,
        });
        await tx.agents.put({
          id: agent,
          name: 'montrevel',
          status: 'active',
          facilities: [own],
          createdAt: 1,
        });
        const part = { facility: own, feed: 'ed-visits', part: '0' };
        await tx.records.putPart({ ...part, agent, source: 'urgences' });
        for (const iso of ['10', '12', '13', '14', '15', '16', '17', '18', '19'])
          await tx.records.putDay(part, {
            ...{
              day: day(`2026-11-${iso}`),
              count: 40,
              sum: [1, 2, 3, 4],
              mark: { extract: startAt, reception: 1 },
            },
          });
      });
      await more(store);
    },
  });
}

/** A heartbeat as an agent of this version says it. */
export function beatBody(asked: boolean): string {
  const body = { version: '1', at: startAt, feeds: [], freeDiskBytes: null, paused: null, bundleVersion: 1 };
  return JSON.stringify(asked ? { ...body, asked: [] } : body);
}
