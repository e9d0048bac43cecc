import { nothing, type Html } from '../html.ts';
import type { FeedOfFacility } from '../../store/watch-tables.ts';
import type { PageContext } from '../page.ts';

/** "J'appelle", or who has it already: for what is open of a facility's feed. */
export async function callAction(_context: PageContext, _pair: FeedOfFacility): Promise<Html> {
  return nothing;
}
