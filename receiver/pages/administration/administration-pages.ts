import type { PortalDeps } from '../deps.ts';
import type { Page } from '../page.ts';

export function createAdministrationPages(_deps: PortalDeps): readonly Page[] {
  return [];
}
