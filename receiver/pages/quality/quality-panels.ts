import { nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';

/** On the page of a facility: its items against their targets, and what to improve first. */
export async function qualityPanels(
  _context: PageContext,
  _facility: string,
): Promise<{ readonly table: Html; readonly improve: Html }> {
  return { table: nothing, improve: nothing };
}
