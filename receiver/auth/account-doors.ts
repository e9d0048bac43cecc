import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { checkedAccess } from '../accounts/access.ts';
import type { VouchedDeps } from '../accounts/vouched-account.ts';
import type { IdentityProviderConfig, PortalConfig } from '../config-portal.ts';
import type { PageRoutesDeps } from '../routes/pages.ts';
import type { Store } from '../store/store.ts';
import { createIdentityProvider } from './oidc-provider.ts';
import { oidcRoutes } from './oidc-routes.ts';
import { createPortalCookies } from './portal-cookies.ts';
import type { SessionDoor } from './portal-guard.ts';
import { createSessionDoor } from './portal-sessions.ts';
import { createSignInDoor } from './sign-in-door.ts';
import { signInRoutes } from './sign-in-routes.ts';
import { signOutRoutes } from './sign-out-routes.ts';

export interface AccountDoorsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Where people reach the pages, without a slash at its end. */
  readonly url: () => string;
  readonly region: string;
  readonly settings: PortalConfig;
  /** Names of the region's destinations. */
  readonly destinations: readonly string[];
  /** To sign in, from one address. */
  readonly attemptsPerMinute?: number;
}

const attemptsPerMinute = 30;

/** In and out of the pages: who a cookie stands for, and the routes that give and take cookies. */
export interface AccountDoors {
  readonly sessions: SessionDoor;
  readonly routes: NonNullable<PageRoutesDeps['more']>;
  readonly origins: () => readonly string[];
}

export function createAccountDoors(deps: AccountDoorsDeps): AccountDoors {
  const { store, clock, random, logger, url, region, settings } = deps;
  const { legalNotice, secondFactor, oidc } = settings;
  const cookies = createPortalCookies(() => url().startsWith('https:'));
  const origins = (): readonly string[] => [new URL(url()).origin];
  return {
    origins,
    sessions: createSessionDoor({ store, clock, cookies }),
    routes: (app, show) => {
      const door = createSignInDoor(
        {
          ...{ store, clock, random, cookies, region, legalNotice, origins, secondFactor },
          attemptsPerMinute: deps.attemptsPerMinute ?? attemptsPerMinute,
          hasProvider: oidc !== undefined,
        },
        show,
      );
      signInRoutes(app, door);
      if (oidc !== undefined)
        oidcRoutes(app, door, {
          ...{ store, clock, random, logger, cookies, url },
          provider: createIdentityProvider(oidc, random),
          accessFor: mappedAccess(oidc, deps.destinations),
        });
      signOutRoutes(app, { store, clock, cookies });
    },
  };
}

/** Checked once, at the start: a role that may open nothing keeps the pages from being served. */
function mappedAccess(
  { roles }: IdentityProviderConfig,
  destinations: readonly string[],
): VouchedDeps['accessFor'] {
  const map = (roles?.map ?? []).map((asked) => ({ ...asked, access: checkedAccess(asked, destinations) }));
  return (held) => map.find(({ role }) => held.includes(role))?.access;
}
