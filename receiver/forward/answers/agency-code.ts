/** An agency's own code, as receipts and pages may show it: 64 characters of [A-Za-z0-9._-]; null when nothing is left. */
export function agencyCode(said: string): string | null {
  const kept = said.replace(/[^A-Za-z0-9._-]/g, '').slice(0, 64);
  return kept === '' ? null : kept;
}
