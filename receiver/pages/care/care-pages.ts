import type { PortalDeps } from '../deps.ts';
import type { Page } from '../page.ts';

export function createCarePages(_deps: PortalDeps): readonly Page[] {
  return [];
}
