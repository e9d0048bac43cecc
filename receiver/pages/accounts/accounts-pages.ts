import type { PortalDeps } from '../deps.ts';
import type { Page } from '../page.ts';
import { accountActs } from './account-acts.ts';
import { accountPage } from './account-page.ts';
import { listPage } from './list-page.ts';
import { newAccountPage } from './new-account-page.ts';
import { createOwnPages } from './own-forms.ts';

/** One's own account, and for administrators all of them. */
export function createAccountPages({ store, clock, random, config }: PortalDeps): readonly Page[] {
  return [
    ...createOwnPages({ store, clock, random, config }),
    { path: '/administration/comptes', see: ['administrator'], get: listPage },
    newAccountPage({ store, clock, random, config }),
    accountPage({ store, clock, random, config }),
    ...accountActs({ store, clock, random }),
  ];
}
