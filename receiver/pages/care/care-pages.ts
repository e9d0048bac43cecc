import type { PortalDeps } from '../deps.ts';
import type { Page } from '../page.ts';
import { createAskPage } from './ask-page.ts';
import { createCarryPages } from './carry-pages.ts';
import { createCatchUpPage } from './catch-up-page.ts';
import { createClosurePage } from './closure-page.ts';
import { createContactPages } from './contacts-pages.ts';
import { createDegradedPage } from './degraded-page.ts';

/** What people note, declare and ask of a facility. */
export function createCarePages(deps: PortalDeps): readonly Page[] {
  return [
    ...createContactPages(deps),
    createClosurePage(deps),
    createDegradedPage(deps),
    createAskPage(deps),
    createCatchUpPage(deps),
    ...createCarryPages(deps),
  ];
}
