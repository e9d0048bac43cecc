const dayMs = 86_400_000;

/** Renewal comes a month before the end: whoever sees one of these has an agent that could not renew. */
export type ExpiryCode =
  'certificate-ends-30' | 'certificate-ends-14' | 'certificate-ends-7' | 'certificate-ended';

/** What to say of certificates good until `until` (epoch ms); null = nothing yet. `days`: whole days left. */
export function expiryTrouble(
  until: number,
  now: number,
): { readonly code: ExpiryCode; readonly days: number } | null {
  const days = Math.floor((until - now) / dayMs);
  if (until <= now) return { code: 'certificate-ended', days: 0 };
  if (days < 7) return { code: 'certificate-ends-7', days };
  if (days < 14) return { code: 'certificate-ends-14', days };
  return days < 30 ? { code: 'certificate-ends-30', days } : null;
}
