import { signManifest } from '../../../shared/protocol/manifest-statement.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Loop } from '../../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { Random } from '../../../shared/runtime/random.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import type { Store } from '../../store/store.ts';
import type { DispatchTarget } from '../compose.ts';
import type { Destination } from '../destination.ts';
import { createCourier, type Courier } from './courier.ts';
import { createIssuer } from './issuer.ts';

export interface ManifestLoopDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** As it is when a manifest is signed. */
  readonly region: () => { readonly name: string; readonly receipts: Parameters<typeof signManifest>[1] };
  readonly openDestination: (settings: DestinationConfig) => Destination | undefined;
}

/** For every destination a loop that issues its manifests, and one that delivers them where that is wanted. */
export function manifestLoops(
  destinations: readonly DestinationConfig[],
  targets: readonly DispatchTarget[],
  deps: ManifestLoopDeps,
): readonly Loop[] {
  return destinations.flatMap((settings) => {
    const target = targets.find(({ name }) => name === settings.name);
    if (target === undefined) return [];
    const courier = courierOf(settings, deps);
    const { store, clock, logger, region } = deps;
    const { loop } = createIssuer({
      ...{ store, clock, logger },
      stated: { region: region().name, owner: settings.owner, target, cutOff: settings.manifest.cutOff },
      sign: (statement) => signManifest(statement, region().receipts),
      onIssued: () => courier?.loop.nudge(),
    });
    return courier === undefined ? [loop] : [courier.loop, loop];
  });
}

function courierOf(
  settings: DestinationConfig,
  { store, clock, random, logger, openDestination }: ManifestLoopDeps,
): Courier | undefined {
  const destination = settings.manifest.deliver ? openDestination(settings) : undefined;
  if (destination === undefined) return undefined;
  const { firstSeconds, maxSeconds } = settings.retry;
  const retry = { firstMs: firstSeconds * 1000, maxMs: maxSeconds * 1000 };
  return createCourier({ destination, store, clock, random, logger, retry });
}
