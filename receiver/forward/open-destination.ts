import { systemClock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import type { DestinationConfig } from '../config-destinations.ts';
import type { TransportConfig } from '../config-transports.ts';
import type { Destination } from './destination.ts';
import { createParcels, type Parcels } from './parcel.ts';
import { openProtectionOf } from './protection/open-protection.ts';
import type { Protection } from './protection/protection.ts';
import { createDirectoryDestination } from './transports/directory.ts';
import { createHttpsDestination } from './transports/https.ts';

/** The endpoint a destination's settings describe; undefined: the agency comes and fetches. */
export function openDestination({ name, transport }: DestinationConfig): Destination | undefined {
  switch (transport.kind) {
    case 'directory':
      return createDirectoryDestination({ name, directory: transport.folder });
    case 'https':
      return createHttpsDestination(name, transport);
    case 'pull':
      return undefined;
    case 'sftp':
    case 'ftps':
    case 'submission':
      throw notBuilt(name, transport.kind);
  }
}

function notBuilt(destination: string, kind: TransportConfig['kind']): Error {
  return permanent('destination-format-unknown', { facts: { destination, format: kind } });
}

/** What its dispatches travel as. Throws the faults of keys. */
export async function openParcels(settings: DestinationConfig): Promise<Parcels | undefined> {
  return createParcels(settings.packaging.zip, await openProtection(settings));
}

function openProtection(settings: DestinationConfig): Promise<Protection | undefined> {
  return openProtectionOf(settings, { clock: systemClock, random: systemRandom });
}
