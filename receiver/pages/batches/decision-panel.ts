import { nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';

/** On the page of a held batch: what to decide, and who has proposed what. */
export async function decisionPanel(_context: PageContext, _exportId: string): Promise<Html> {
  return nothing;
}
