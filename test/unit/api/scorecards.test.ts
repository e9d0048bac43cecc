import { afterAll, beforeAll, expect, it } from 'vitest';
import { createReads } from '../../../receiver/pages/reads/reads.ts';
import type { ApiContext } from '../../../receiver/api/route.ts';
import type { StoreTx } from '../../../receiver/store/store.ts';
import { createApiLab, type ApiLab } from '../../support/api-lab.ts';

const now = Date.UTC(2026, 0, 21, 7, 40);
let lab: ApiLab;
beforeAll(async () => {
  lab = await createApiLab({ now, hospitals: 3, days: 10 });
}, 120_000);
afterAll(() => lab.close());

it('hold every card against a region that is read once, and let others read between two', async () => {
  const seen: string[] = [];
  const watched = (tx: StoreTx): StoreTx => ({
    ...tx,
    quality: {
      ...tx.quality,
      summaries: (feed, from, to, facility) => {
        if (facility === undefined) seen.push('region');
        return tx.quality.summaries(feed, from, to, facility);
      },
      remaining: (...asked) => {
        seen.push('remaining');
        return tx.quality.remaining(...asked);
      },
    },
  });
  const reach = { facilities: 'all', destinations: 'all' } as const;
  const context: ApiContext = {
    ...{ now, language: 'fr', region: () => Promise.reject(new Error('not asked for')) },
    caller: { ...{ token: 't', name: 't', profile: 'auditor', scopes: ['quality'], reach } },
    read: async (work) => {
      seen.push('read');
      return lab.store.read((tx) => work(createReads(watched(tx), reach)));
    },
  };
  const route = lab.routes.find(({ id }) => id === 'listScorecards');
  const raw = { params: {}, query: new URLSearchParams(), body: undefined };
  const answer = await route?.run(raw, context);
  const cards = (answer?.kind === 'json' ? answer.body : {}) as { readonly items?: readonly unknown[] };
  expect(cards.items).toHaveLength(3);
  expect(seen).toEqual(['read', 'remaining', 'region', 'read', 'read', 'read']);
});
