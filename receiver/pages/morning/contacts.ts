import type { PageContext } from '../page.ts';

/** Whom to call first at a facility. */
export interface FirstContact {
  /** "Mme Diallo, TIM", or the role alone. */
  readonly who: string;
  readonly phone: string;
}

export async function contactsFor(
  { read }: PageContext,
  facilities: readonly string[],
): Promise<ReadonlyMap<string, FirstContact>> {
  return read(async ({ care }) => {
    const found = new Map<string, FirstContact>();
    for (const facility of new Set(facilities)) {
      const [first] = await care.contactsOf(facility);
      if (first === undefined) continue;
      const who = [first.name, first.role].filter((word) => word !== '').join(', ');
      found.set(facility, { who, phone: first.phone });
    }
    return found;
  });
}
