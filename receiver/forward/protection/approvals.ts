import type { KeyApproval } from '../../store/destination-tables.ts';

/** People who vouch for an agency's key before anything is sealed for it. */
export const approversNeeded = 2;

/** Of this key, each person once, the earliest first. */
export function approvalsOf(approvals: readonly KeyApproval[], fingerprint: string): readonly KeyApproval[] {
  const people = new Map<string, KeyApproval>();
  for (const approval of approvals) {
    const person = samePerson(approval.person);
    if (approval.fingerprint === fingerprint && !people.has(person)) people.set(person, approval);
  }
  return [...people.values()];
}

/** Equal for the ways in which one person's name is typed: case, blanks, composed letters. */
export function samePerson(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}
