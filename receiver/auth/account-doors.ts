import type { Clock } from '../../shared/runtime/clock.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { PortalConfig } from '../config-portal.ts';
import type { PageRoutesDeps } from '../routes/pages.ts';
import type { Store } from '../store/store.ts';
import { createPortalCookies } from './portal-cookies.ts';
import type { SessionDoor } from './portal-guard.ts';
import { createSessionDoor } from './portal-sessions.ts';
import { signInRoutes } from './sign-in-routes.ts';
import { signOutRoutes } from './sign-out-routes.ts';

export interface AccountDoorsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  /** Where people reach the pages, without a slash at its end. */
  readonly url: () => string;
  readonly region: string;
  readonly settings: PortalConfig;
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
  const { store, clock, random, url, region, settings } = deps;
  const { legalNotice, secondFactor } = settings;
  const cookies = createPortalCookies(() => url().startsWith('https:'));
  const origins = (): readonly string[] => [new URL(url()).origin];
  return {
    origins,
    sessions: createSessionDoor({ store, clock, cookies }),
    routes: (app, show) => {
      signInRoutes(app, show, {
        ...{ store, clock, random, cookies, region, legalNotice, origins, secondFactor },
        attemptsPerMinute: deps.attemptsPerMinute ?? attemptsPerMinute,
        hasProvider: false,
      });
      signOutRoutes(app, { store, clock, cookies });
    },
  };
}
