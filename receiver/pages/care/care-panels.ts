import { nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';

/** On the page of a facility: whom to call, what was noted, what can be asked of it, and what is declared of it now. */
export async function carePanels(
  _context: PageContext,
  _facility: string,
): Promise<{ readonly contacts: Html; readonly notes: Html; readonly actions: Html; readonly banner: Html }> {
  return { contacts: nothing, notes: nothing, actions: nothing, banner: nothing };
}
