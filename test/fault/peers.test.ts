import { describe, expect, it } from 'vitest';
import { runMatrix, transports, type CaseResult } from '../peers/matrix.ts';

/** The matrix of `npm run test:peers`, every transport and fault, each under one protection in turn. */
describe('every dispatch reaches its agency once, whole, whatever goes wrong on the way', () => {
  it.each(Object.keys(transports))('%s', { timeout: 300_000 }, async (transport) => {
    const results: CaseResult[] = [];
    await runMatrix({ transport, rotating: true }, (result) => results.push(result));
    const failed = results.filter(({ outcome }) => outcome.kind === 'fails');
    expect(failed.map(({ protection, fault, outcome }) => ({ protection, fault, outcome }))).toEqual([]);
    // A program that is not installed is said aloud, and fails by itself where peers are required.
    for (const { fault, outcome } of results)
      if (outcome.kind === 'left-out')
        process.stderr.write(`NOT TRIED: ${transport} ${fault}: ${outcome.why}\n`);
    expect(results.length).toBeGreaterThan(0);
  });
});
