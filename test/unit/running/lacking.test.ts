import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lackingOf } from '../../../receiver/routes/lacking.ts';
import { dayFromIso, instantOf, type Day } from '../../../shared/runtime/paris-time.ts';
import { createLab, facility, type Lab, type LabAgent } from '../receiver/lab.ts';

let lab: Lab;
let agent: LabAgent;
let other: LabAgent;
const today = dayFromIso('2026-03-20') as Day;
/** Half past midnight in Paris. */
const now = instantOf(today, 1_800_000).at;
const ago = (days: number): Day => (today - days) as Day;
const mark = { extract: 1, reception: 1 };

beforeAll(async () => {
  lab = await createLab();
  [agent, other] = [await lab.addAgent(), await lab.addAgent()];
});
afterAll(() => lab.store.close());

async function hold(
  part: { feed?: string; part: string; agent?: string },
  days: readonly { readonly day: Day; readonly count?: number; readonly marked?: boolean }[],
): Promise<void> {
  const scope = { facility, feed: part.feed ?? 'ed-visits', part: part.part };
  await lab.store.transaction(async (tx) => {
    await tx.records.putPart({ ...scope, agent: part.agent ?? agent.id, source: 'urgences' });
    for (const { day, count = 1, marked = false } of days)
      await tx.records.putDay(scope, { day, count, mark: marked ? mark : null, sum: [0, 0, 0, 0] });
  });
}

const lacking = (id = agent.id) => lab.store.read((tx) => lackingOf(tx, id, now));

describe('days that the region lacks', () => {
  it('lie after the first ever held and before today, without a record or a trusted window', async () => {
    await hold({ part: '0' }, [{ day: ago(6) }, { day: ago(4), count: 0, marked: true }, { day: ago(2) }]);
    expect(await lacking()).toEqual([
      { facility, feed: 'ed-visits', part: '0', days: ['2026-03-15', '2026-03-17', '2026-03-19'] },
    ]);
  });

  it('are those of the agent’s own parts, one by one, never of one that has all', async () => {
    await hold({ part: '1', agent: other.id }, [{ day: ago(2) }, { day: ago(1) }]);
    await hold({ part: '2', agent: other.id }, [{ day: ago(2) }]);
    expect((await lacking(other.id)).map(({ part, days }) => [part, days])).toEqual([['2', ['2026-03-19']]]);
  });

  it('go back sixty days and no further', async () => {
    await hold({ part: '0' }, [{ day: ago(400) }]);
    const [part] = await lacking();
    expect(part?.days).toHaveLength(57);
    expect(part?.days[0]).toBe('2026-01-19');
  });

  it('are nobody’s of a part that never held a day, nor of a feed that does not come daily', async () => {
    const fresh = await lab.addAgent();
    await hold({ part: '3', agent: fresh.id }, []);
    await hold({ part: '0', feed: 'bed-availability', agent: fresh.id }, [{ day: ago(9) }]);
    expect(await lacking(fresh.id)).toEqual([]);
  });
});
