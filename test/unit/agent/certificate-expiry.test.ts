import { describe, expect, it } from 'vitest';
import { expiryTrouble } from '../../../agent/health/certificate-expiry.ts';
import { describeCode } from '../../../shared/i18n/errors.ts';

const dayMs = 86_400_000;
const now = Date.UTC(2026, 0, 21);
const troubleAt = (days: number) => expiryTrouble(now + days * dayMs, now);

describe('the end of the certificates', () => {
  it.each([
    [90, null],
    [30, null],
    [29.99, 'certificate-ends-30'],
    [14, 'certificate-ends-30'],
    [13.99, 'certificate-ends-14'],
    [7, 'certificate-ends-14'],
    [6.99, 'certificate-ends-7'],
    [0.01, 'certificate-ends-7'],
    [0, 'certificate-ended'],
    [-1, 'certificate-ended'],
  ] as const)('%s days before it, says %s', (days, code) => {
    expect(troubleAt(days)?.code ?? null).toBe(code);
  });

  it('is told with the days left, and something to do', () => {
    const found = troubleAt(9.5);
    expect(found?.days).toBe(9);
    const facts = { days: found?.days ?? -1, until: '2026-01-30' };
    expect(describeCode(found?.code ?? '', 'en', facts).message).toContain('9 days (2026-01-30)');
  });
});
