import { expect, it } from 'vitest';
import { finess } from '../../support/rpu-text.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import { createPortalLab } from '../../support/portal/portal-lab.ts';
import { operator, startAt, today } from './lab.ts';

const [facilities, days] = [100, 60] as const;

it('a region of a hundred facilities is caught up on in one page', async () => {
  const lab = await createPortalLab({ startAt });
  await lab.store.transaction(async (tx) => {
    for (let index = 1; index <= facilities; index += 1) {
      const facility = finess(index);
      const agent = `01980000-0000-7000-8000-${String(index).padStart(12, '0')}`;
      await tx.facilities.put({
        finess: facility,
        name: `CH ${index}`,
        key: Buffer.alloc(32, 1),
        addedAt: 1,
      });
      await tx.agents.put({ id: agent, name: 'A', status: 'active', facilities: [facility], createdAt: 1 });
      const part = { facility, feed: 'ed-visits', part: '0' };
      await tx.records.putPart({ ...part, agent, source: 'urgences' });
      for (let back = 1; back <= days + 1; back += 1) {
        // Each lacks every seventh day, and was asked for one of them.
        if (back % 7 === index % 7) continue;
        const mark = { extract: startAt, reception: 1 };
        await tx.records.putDay(part, { day: (today - back) as Day, count: 40, sum: [1, 2, 3, 4], mark });
      }
      const from = (today - 7 - (index % 7)) as Day;
      const request = { ...part, agent, from, to: from, reason: 'r', by: 'P', at: startAt - 1 };
      await tx.care.requests.ask(request);
    }
  });
  const { text } = await lab.get('/rattrapage', operator);
  expect(text).toContain(`dans ${facilities} établissements`);
  await lab.close();
});
