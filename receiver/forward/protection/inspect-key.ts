import type { Clock } from '../../../shared/runtime/clock.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import { isSealed, keyPlace, type AgencyKey } from './agency-key.ts';
import { readAgencyCertificate } from './certificate.ts';
import { readAgencyKeyFile } from './key-files.ts';
import { loadOpenPgp, readAgencyOpenPgpKey } from './openpgp-keys.ts';

/**
 * The agency's key as its file holds it now, in force or not, named by the settings or not; undefined for a destination
 * without one. Throws the faults of a file that holds no key to encrypt for: see `readAgencyOpenPgpKey` and
 * `readAgencyCertificate`.
 */
export async function inspectKey(
  settings: DestinationConfig,
  clock: Clock = systemClock,
): Promise<AgencyKey | undefined> {
  if (!isSealed(settings)) return undefined;
  const place = keyPlace(settings);
  const bytes = await readAgencyKeyFile(place);
  if (settings.protection.kind === 'cms') return readAgencyCertificate(bytes, place).key;
  return (await readAgencyOpenPgpKey(await loadOpenPgp(), bytes, place, clock.now())).key;
}
