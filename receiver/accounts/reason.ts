import { permanent } from '../../shared/runtime/errors.ts';

const longest = 500;

/** Why an account is changed. Throws `reason-missing` and `reason-long`. */
export function checkedReason(text: string): string {
  const reason = text.trim();
  if (reason === '') throw permanent('reason-missing');
  if (reason.length > longest) throw permanent('reason-long', { facts: { longest } });
  return reason;
}
