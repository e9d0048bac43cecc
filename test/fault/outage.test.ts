import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { plan, type DestinationRun, type OutageRun } from './outage.ts';

/** A month with one agency down and a month without, each in its own process with a small heap. */
const script = resolve(import.meta.dirname, 'outage.ts');
let outage: OutageRun;
let usual: OutageRun;

beforeAll(async () => {
  outage = await month('down');
  usual = await month('up');
}, 180_000);

function month(how: 'down' | 'up'): Promise<OutageRun> {
  return new Promise((settle, fail) => {
    execFile(
      process.execPath,
      ['--max-old-space-size=64', script, how],
      { maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) settle(JSON.parse(stdout) as OutageRun);
        else fail(new Error(`the month did not end: ${stderr.slice(-2000)}`, { cause: error }));
      },
    );
  });
}

function of(run: OutageRun, name: string): DestinationRun {
  const found = run.destinations[name];
  if (found === undefined) throw new Error(`no destination ${name}`);
  return found;
}

const files = plan.days * plan.facilities;

describe('a destination down for thirty days', () => {
  it.each(['oscour', 'beds'])('costs the destination %s nothing: same tries, commits and order', (name) => {
    const { delivered, tries, commits, breaker } = of(outage, name);
    const without = of(usual, name);
    expect({ tries, commits, breaker }).toEqual({
      ...{ tries: without.tries, commits: without.commits, breaker: ['closed'] },
    });
    expect(delivered).toEqual(without.delivered);
    expect(delivered).toHaveLength(files);
  });

  it('has every file once it is back, whole, once, in the order they were composed', () => {
    const { delivered, whole, wrong, forwardedOnce } = of(outage, 'late');
    expect(delivered).toEqual(of(usual, 'late').delivered);
    expect({ whole, wrong, forwardedOnce, repeats: delivered.length - new Set(delivered).size }).toEqual({
      ...{ whole: files, wrong: [], forwardedOnce: true, repeats: 0 },
    });
  });

  it('is tried rarely, by one file: open, half-open, open again, then closed once it passes', () => {
    const { breaker, tries, attempts } = of(outage, 'late');
    expect(breaker.slice(0, 2)).toEqual(['closed', 'open']);
    expect(breaker.slice(-3)).toEqual(['open', 'half-open', 'closed']);
    // A refusal to open is no attempt of a file: between two `open`, only half-open.
    for (const [index, state] of breaker.entries())
      if (index > 1 && index < breaker.length - 1) expect(state).toBe(index % 2 === 1 ? 'open' : 'half-open');
    const inADay = 86_400 / plan.maxWaitSeconds;
    expect(tries).toBeLessThanOrEqual(plan.days * inADay + of(usual, 'late').tries);
    expect(attempts).toBeLessThanOrEqual((plan.days / 2) * inADay + 1);
    expect(attempts).toBeGreaterThan(100);
  });

  it('does not fill the memory with what waits', () => {
    expect(outage.queuedBytes).toBe(files * plan.bytes.late);
    expect(outage.grownBytes).toBeLessThan(outage.queuedBytes / 2);
  });
});
