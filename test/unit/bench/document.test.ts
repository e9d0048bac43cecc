import { describe, expect, it } from 'vitest';
import { documentOf, measured, skipped } from '../../bench/document.ts';
import { catalogue } from '../../bench/figures.ts';
import { groups, type FigureGroup } from '../../bench/groups.ts';
import { runBench } from '../../bench/run.ts';
import { percentile } from '../../bench/statistics.ts';
import { printTable } from '../../bench/table.ts';

const ids = catalogue.map(({ id }) => id);
const quiet = { full: false, only: undefined, say: () => undefined, signal: new AbortController().signal };

describe('the document of the bench', () => {
  it('has every figure of the design, in order, whatever was measured', () => {
    expect(documentOf(new Map()).figures.map(({ id }) => id)).toEqual(ids);
    expect(ids).toEqual(
      expect.arrayContaining([
        ...['e2e-records-100', 'e2e-records-1000', 'agent-cpu-ratio-1000', 'receiver-cpu-ratio-1000'],
        ...['files-ratio-sftp', 'cpu-ratio-sftp', 'append-ratio', 'syncs-agent', 'syncs-receiver'],
        ...['claim-ratio', 'ingest-ratio-10m', 'unchanged-ratio', 'delivered-p99-120', 'rss-agent-idle'],
        ...['rss-agent-backlog', 'rss-agent-500mb', 'kills-1000', 'restart-1m'],
      ]),
    );
  });

  it('never lets a skipped figure hold, even one whose goal is zero', () => {
    const all = new Map(ids.map((id) => [id, skipped('not here')] as const));
    for (const figure of documentOf(all).figures)
      expect(figure).toMatchObject({
        ...{ value: null, holds: false, status: 'skipped', reason: 'not here', rounds: 0, spread: null },
      });
  });

  it('takes the median of the rounds and says how far they lay apart', () => {
    const found = documentOf(new Map([['unchanged-ratio', measured(0.4, 0.1, 0.2)]])).figures;
    expect(found.find(({ id }) => id === 'unchanged-ratio')).toMatchObject({
      ...{ value: 0.2, holds: true, status: 'measured', reason: null, rounds: 3, spread: 1.5 },
    });
  });

  it('holds at the goal itself and not beyond it, on the right side', () => {
    const holds = (id: (typeof ids)[number], value: number): boolean | undefined =>
      documentOf(new Map([[id, measured(value)]]), (spec) => spec.id === id).figures[0]?.holds;
    expect([holds('ingest-ratio-1m', 0.8), holds('ingest-ratio-1m', 0.79)]).toEqual([true, false]);
    expect([holds('unchanged-ratio', 0.3), holds('unchanged-ratio', 0.31)]).toEqual([true, false]);
    expect(holds('unchanged-ratio', NaN)).toBe(false);
  });

  it('shows people every figure with its goal', () => {
    const table = printTable(documentOf(new Map([['rss-agent-idle', measured(91)]])));
    for (const id of ids) expect(table).toContain(id);
    expect(table).toMatch(/rss-agent-idle +91 MB +≤ 90 +MISSED/);
  });
});

describe('a run of the bench', () => {
  it('has a group for every figure, and one only', () => {
    expect(groups.flatMap((group) => group.ids).sort()).toEqual([...ids].sort());
  });

  it('leaves slow figures for --full unless they are named', async () => {
    const slow: FigureGroup = {
      ids: ['claim-ratio'],
      measure: async () => new Map([['claim-ratio', measured(1)]]),
    };
    const figure = async (options: object) =>
      (await runBench([slow], { ...quiet, ...options })).document.figures.find(
        ({ id }) => id === 'claim-ratio',
      );
    expect(await figure({})).toMatchObject({ status: 'skipped', reason: 'measured with --full' });
    expect(await figure({ full: true })).toMatchObject({ status: 'measured', holds: true });
    expect(await figure({ only: ['claim-ratio'] })).toMatchObject({ status: 'measured' });
  });

  it('goes on after a group that fails, and says why its figures are missing', async () => {
    const broken: FigureGroup = {
      ids: ['append-ratio'],
      measure: () => Promise.reject(new Error('no disk')),
    };
    const fine: FigureGroup = {
      ids: ['unchanged-ratio'],
      measure: async () => new Map([['unchanged-ratio', measured(0.2)]]),
    };
    const { document, failures } = await runBench([broken, fine], {
      ...quiet,
      only: ['append-ratio', 'unchanged-ratio'],
    });
    expect(failures).toBe(1);
    expect(document.figures).toMatchObject([
      { id: 'append-ratio', status: 'skipped', holds: false, reason: 'failed: no disk' },
      { id: 'unchanged-ratio', status: 'measured', holds: true },
    ]);
  });
});

describe('a percentile', () => {
  it('is the smallest value that enough others do not exceed', () => {
    const values = Array.from({ length: 120 }, (_, index) => index + 1);
    expect(percentile(values, 0.99)).toBe(119);
    expect(percentile([7], 0.99)).toBe(7);
  });
});
