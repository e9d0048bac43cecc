import type { ErrorClass } from '../../shared/runtime/errors.ts';

/** What came of sending one request, before anyone judges it. */
export type Attempt =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly code: string;
      readonly class?: ErrorClass;
      readonly retryAfterMs?: number;
    }
  /** No answer: `sent` tells whether the receiver may have taken it. */
  | { readonly kind: 'unanswered'; readonly code: string; readonly sent: boolean }
  /** An answer 200 whose receipt does not prove what was sent. */
  | { readonly kind: 'unproven'; readonly code: string };

export type Verdict =
  /** Put back. `scope` receiver: nothing else would fare better now, so the whole push waits. */
  | {
      readonly kind: 'retry';
      readonly class: 'transient' | 'ambiguous';
      readonly scope: 'receiver' | 'envelope';
      readonly code: string;
      readonly retryAfterMs: number;
    }
  | { readonly kind: 'dead'; readonly code: string }
  /** The ledgers disagree: a new epoch. */
  | { readonly kind: 'conflict'; readonly code: string };

/** Refusals of one envelope for what it is: repeating it can never help. */
const deadStatuses: ReadonlySet<number> = new Set([400, 413, 415, 422]);
/** The receiver, or something before it, cannot serve anybody now. */
const receiverStatuses: ReadonlySet<number> = new Set([408, 425, 429, 502, 503, 504, 507]);

/** Pure; decides on status and class, never on text. Resending is always safe, so doubt means retry. */
export function judge(attempt: Attempt): Verdict {
  if (attempt.kind === 'unanswered')
    return retry(attempt.sent ? 'ambiguous' : 'transient', 'receiver', attempt.code, 0);
  if (attempt.kind === 'unproven') return retry('ambiguous', 'envelope', attempt.code, 0);
  const { status, code, retryAfterMs = 0 } = attempt;
  if (status === 409)
    return code === 'ledger-id-reused' ? { kind: 'dead', code } : { kind: 'conflict', code };
  // Who we are is refused, or the address is wrong: that is not the envelope's fault and a person will mend it.
  if (status === 401 || status === 403 || status === 404 || status === 405 || status === 407)
    return retry('transient', 'receiver', code, retryAfterMs);
  if (receiverStatuses.has(status)) return retry('transient', 'receiver', code, retryAfterMs);
  if (deadStatuses.has(status) && attempt.class !== 'transient' && attempt.class !== 'ambiguous')
    return { kind: 'dead', code };
  return retry(status >= 500 ? 'ambiguous' : 'transient', 'envelope', code, retryAfterMs);
}

function retry(
  errorClass: 'transient' | 'ambiguous',
  scope: 'receiver' | 'envelope',
  code: string,
  retryAfterMs: number,
): Verdict {
  return { kind: 'retry', class: errorClass, scope, code, retryAfterMs };
}
