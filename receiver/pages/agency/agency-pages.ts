import type { PortalDeps } from '../deps.ts';
import type { Page } from '../page.ts';
import { bulkPages } from './bulk-pages.ts';
import { coveragePage } from './coverage-page.ts';
import { deliveriesPage } from './deliveries-page.ts';
import { deliveryPages } from './delivery-page.ts';

export function createAgencyPages(deps: PortalDeps): readonly Page[] {
  const { pages, downloads, desk } = deliveryPages(deps);
  return [deliveriesPage(deps, downloads), coveragePage(deps), ...pages, ...bulkPages(deps, desk, downloads)];
}
