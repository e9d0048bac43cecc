import type { PortalDeps } from '../deps.ts';
import type { Page } from '../page.ts';

export function createAccountPages(_deps: PortalDeps): readonly Page[] {
  return [];
}
