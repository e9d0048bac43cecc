import type { PortalDeps } from '../deps.ts';
import type { Page } from '../page.ts';

export function createMorningPages(_deps: PortalDeps): readonly Page[] {
  return [];
}
