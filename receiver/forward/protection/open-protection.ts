import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Random } from '../../../shared/runtime/random.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import { isSealed, type SealedDestination } from './agency-key.ts';
import { createCmsProtection } from './cms.ts';
import { createOpenPgpProtection, type OpenPgpSettings } from './openpgp.ts';
import type { Protection } from './protection.ts';

export interface ProtectionDeps {
  readonly clock: Clock;
  readonly random: Random;
}

/** What a destination's settings ask for, with its key read and checked; undefined: nothing. Throws the faults of keys. */
export async function openProtectionOf(
  settings: DestinationConfig,
  deps: ProtectionDeps,
): Promise<Protection | undefined> {
  if (!isSealed(settings)) return undefined;
  return isOpenPgp(settings) ? createOpenPgpProtection(settings, deps) : createCmsProtection(settings, deps);
}

function isOpenPgp(settings: SealedDestination): settings is OpenPgpSettings {
  return settings.protection.kind === 'openpgp';
}
