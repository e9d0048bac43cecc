import type { PortalDeps } from '../deps.ts';
import type { Page } from '../page.ts';

export function createAgencyPages(_deps: PortalDeps): readonly Page[] {
  return [];
}
