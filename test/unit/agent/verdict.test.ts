import { describe, expect, it } from 'vitest';
import { judge, type Attempt } from '../../../agent/push/verdict.ts';

const answered = (
  status: number,
  code = 'x',
  errorClass?: 'transient' | 'ambiguous' | 'permanent',
): Attempt => ({
  kind: 'answered',
  status,
  code,
  ...(errorClass === undefined ? {} : { class: errorClass }),
});

describe('the verdict on one push', () => {
  it.each([400, 413, 415, 422])('a permanent %i kills the envelope', (status) => {
    expect(judge(answered(status, 'envelope-malformed', 'permanent'))).toEqual({
      kind: 'dead',
      code: 'envelope-malformed',
    });
  });

  it.each([400, 422])('a %i that calls itself transient is tried again', (status) => {
    expect(judge(answered(status, 'x', 'transient'))).toMatchObject({ kind: 'retry', scope: 'envelope' });
    expect(judge(answered(status, 'x', 'ambiguous'))).toMatchObject({ kind: 'retry', scope: 'envelope' });
  });

  it.each([401, 403, 404, 405, 407])('a %i blocks the push and kills nothing', (status) => {
    expect(judge(answered(status, 'certificate-revoked', 'permanent'))).toEqual({
      kind: 'retry',
      class: 'transient',
      scope: 'receiver',
      code: 'certificate-revoked',
      retryAfterMs: 0,
    });
  });

  it.each([408, 425, 429, 502, 503, 504, 507])('a %i makes the whole push wait', (status) => {
    expect(judge({ ...answered(status), retryAfterMs: 3000 } as Attempt)).toMatchObject({
      kind: 'retry',
      scope: 'receiver',
      retryAfterMs: 3000,
    });
  });

  it('an unknown server error concerns that envelope alone, and may have happened', () => {
    expect(judge(answered(500))).toMatchObject({ kind: 'retry', class: 'ambiguous', scope: 'envelope' });
  });

  it('an unknown client error is tried again', () => {
    expect(judge(answered(418))).toMatchObject({ kind: 'retry', class: 'transient', scope: 'envelope' });
  });

  it.each(['ledger-fork', 'ledger-chain-broken', 'ledger-old-epoch', 'ledger-epoch-unopened'])(
    'a 409 %s opens a new epoch',
    (code) => {
      expect(judge(answered(409, code, 'permanent'))).toEqual({ kind: 'conflict', code });
    },
  );

  it('a reused envelope id kills that envelope', () => {
    expect(judge(answered(409, 'ledger-id-reused', 'permanent'))).toEqual({
      kind: 'dead',
      code: 'ledger-id-reused',
    });
  });

  it('no answer before anything was sent is transient, after it is ambiguous', () => {
    expect(judge({ kind: 'unanswered', code: 'receiver-unreachable', sent: false })).toMatchObject({
      class: 'transient',
      scope: 'receiver',
    });
    expect(judge({ kind: 'unanswered', code: 'receiver-unreachable', sent: true })).toMatchObject({
      class: 'ambiguous',
      scope: 'receiver',
    });
  });

  it('a receipt that proves nothing is tried again, never accepted', () => {
    expect(judge({ kind: 'unproven', code: 'receipt-invalid' })).toMatchObject({
      kind: 'retry',
      class: 'ambiguous',
      scope: 'envelope',
    });
  });
});
