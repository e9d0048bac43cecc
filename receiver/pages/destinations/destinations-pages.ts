import type { PortalDeps } from '../deps.ts';
import type { Page } from '../page.ts';
import { destinationListPage } from './destination-list-page.ts';
import { destinationPage } from './destination-page.ts';
import { dispatchPage } from './dispatch-page.ts';
import { createFilesKnown } from './files-known.ts';
import { pausePages } from './pause-pages.ts';
import { resendPage } from './resend-page.ts';

export function createDestinationPages(deps: PortalDeps): readonly Page[] {
  const files = createFilesKnown(deps.config, deps.clock);
  return [
    destinationListPage(deps, files),
    destinationPage(deps, files),
    ...pausePages(deps, files),
    dispatchPage(deps),
    resendPage(deps),
  ];
}
