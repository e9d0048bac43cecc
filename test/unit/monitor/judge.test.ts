import { describe, expect, it } from 'vitest';
import { causeOf, type AgentSign, type CauseEvidence } from '../../../receiver/monitor/causes.ts';
import { judgeDay, type DayEvidence } from '../../../receiver/monitor/judge-day.ts';
import type { DayArrival } from '../../../receiver/store/watch-tables.ts';
import { dayAt } from '../calendar/kit.ts';

const day = dayAt('2026-05-20');
const hourMs = 3_600_000;
const deadline = Date.parse('2026-05-21T03:00:00Z');
const later = deadline + hourMs;
const came = (at: number, settledAt: number | null = at): DayArrival => ({
  ...{ day, part: '0', firstAt: at, settledAt, settledExtract: settledAt },
});
const fine: DayEvidence = {
  ...{
    day,
    deadline,
    count: 100,
    arrivals: [came(deadline - hourMs)],
    usualParts: ['0'],
    usuallySettled: true,
  },
  ...{ expected: { median: 100, p10: 90, p90: 110, floor: 65 }, stretches: [], held: false, notice: null },
  connectedAt: 1,
};
const stateOf = (change: Partial<DayEvidence>, now = later) => judgeDay({ ...fine, ...change }, now).state;
const stretches = [{ from: 14, to: 24, usual: 50 }];
const nothing = { arrivals: [], count: 0 };

describe('the state of a day', () => {
  it('is received when it is whole and on time', () => {
    expect(stateOf({})).toBe('received');
  });

  it('is late when it is whole after the deadline', () => {
    expect(stateOf({ arrivals: [came(deadline + 1)] })).toBe('late');
    // It began to come in the evening, and was whole in the morning.
    expect(stateOf({ arrivals: [came(deadline - 9 * hourMs, deadline + 1)] })).toBe('late');
  });

  it('is partial when hours or a part are missing, or when nothing came after the day had ended', () => {
    expect(stateOf({ stretches })).toBe('partial');
    expect(stateOf({ usualParts: ['0', '1'] })).toBe('partial');
    expect(stateOf({ arrivals: [came(deadline - 9 * hourMs, null)] })).toBe('partial');
    expect(stateOf({ arrivals: [came(deadline - 9 * hourMs, null)], usuallySettled: false })).toBe(
      'received',
    );
  });

  it('is low under the floor, and not on it', () => {
    expect([
      stateOf({ count: 64 }),
      stateOf({ count: 65 }),
      stateOf({ count: 3, expected: undefined }),
    ]).toEqual(['low', 'received', 'received']);
    // A window that covers the day, with nothing in it.
    expect(stateOf({ count: 0 })).toBe('low');
  });

  it('is silent when nothing came and it was due', () => {
    expect(stateOf(nothing)).toBe('silent');
    expect(stateOf(nothing, deadline - 1)).toBeNull();
  });

  it('takes the worst: held, silent, partial, low, late', () => {
    const late = { arrivals: [came(deadline + 1)] };
    expect(stateOf({ ...late, count: 10 })).toBe('low');
    expect(stateOf({ ...late, count: 10, stretches })).toBe('partial');
    expect(stateOf({ ...late, count: 10, stretches, held: true })).toBe('held');
    expect(stateOf({ ...nothing, held: true, notice: 'closed' })).toBe('held');
  });

  it('is explained by a declared closure or a degraded running', () => {
    expect(stateOf({ ...nothing, notice: 'closed' })).toBe('closed');
    expect(stateOf({ count: 3, notice: 'closed' })).toBe('received');
    expect(stateOf({ ...nothing, notice: 'degraded' })).toBe('degraded');
    expect(stateOf({ notice: 'degraded' })).toBe('received');
  });

  it('blames nobody for the days before the first export', () => {
    expect(stateOf({ ...nothing, connectedAt: undefined })).toBe('not-connected');
    expect(stateOf({ ...nothing, connectedAt: later })).toBe('not-connected');
    expect(stateOf({ arrivals: [came(later)], count: 3, connectedAt: later })).toBe('received');
  });
});

const alive: AgentSign = { agent: 'a', at: later - 60_000, pending: 0, oldestPendingAt: null, paused: null };
const why = (change: Partial<DayEvidence>, evidence: Partial<CauseEvidence> = {}) => {
  const known = { ...fine, ...change };
  const base = {
    signs: [alive],
    arrivals: known.arrivals,
    deadline,
    rejected: false,
    blocked: false,
    before: null,
  };
  return causeOf(judgeDay(known, later), { ...base, ...evidence }, later);
};

describe('the cause', () => {
  it('tells a dead agent from a cut network, a paused agent and a source that exports nothing', () => {
    const gone = { ...alive, at: later - 16 * 60_000 };
    expect(why(nothing, { signs: [gone] })).toBe('agent-dead');
    expect(why(nothing, { signs: [{ ...alive, at: undefined }] })).toBe('agent-dead');
    expect(why(nothing, { signs: [] })).toBe('agent-dead');
    expect(why(nothing, { signs: [{ ...gone, pending: 2, oldestPendingAt: 5 }] })).toBe('network-cut');
    expect(why(nothing, { signs: [{ ...alive, pending: 2, oldestPendingAt: 5 }] })).toBe('network-cut');
    // What has waited for a minute is on its way.
    expect(why(nothing, { signs: [{ ...alive, pending: 2, oldestPendingAt: later - 60_000 }] })).toBe(
      'source-silent',
    );
    expect(why(nothing, { signs: [{ ...alive, paused: 'disk-full' }] })).toBe('agent-paused');
    expect(why(nothing)).toBe('source-silent');
  });

  it('is a reject where there was one, whether nothing or too little came', () => {
    expect(why(nothing, { rejected: true })).toBe('exports-rejected');
    expect(why({ count: 10 }, { rejected: true })).toBe('exports-rejected');
    expect(why({ count: 10 })).toBe('export-short');
    expect(why({ stretches })).toBe('export-short');
  });

  it('asks of a day cut short whether its agent lives', () => {
    const evening = { arrivals: [came(deadline - 9 * hourMs, null)] };
    expect(why(evening, { signs: [] })).toBe('agent-dead');
  });

  it('of what came late is what was seen while it was missing, else what its own times tell', () => {
    const late = { arrivals: [came(deadline + 1)] };
    expect(why(late, { before: 'agent-dead' })).toBe('agent-dead');
    expect(why(late)).toBe('source-silent');
    const onTheWay = { arrivals: [{ ...came(deadline + 1), settledExtract: deadline - hourMs }] };
    expect(why(onTheWay)).toBe('network-cut');
  });

  it('is a decision for what is held, a destination for what waits, and nothing for what is well', () => {
    expect(why({ held: true })).toBe('held-by-guard');
    expect(why({}, { blocked: true })).toBe('forward-blocked');
    expect([
      why({}),
      why({ ...nothing, notice: 'closed' }),
      why({ ...nothing, connectedAt: undefined }),
    ]).toEqual([null, null, null]);
  });
});
