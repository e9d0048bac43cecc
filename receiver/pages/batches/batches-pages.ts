import type { PortalDeps } from '../deps.ts';
import type { Page } from '../page.ts';
import { batchListPage } from './batch-list-page.ts';
import { batchPage, batchReceiptsPage } from './batch-page.ts';

export function createBatchPages({ config }: PortalDeps): readonly Page[] {
  return [batchListPage, batchPage(config), batchReceiptsPage];
}
