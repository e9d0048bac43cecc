import { systemClock } from '../../shared/runtime/clock.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import type { DestinationConfig } from '../config-destinations.ts';
import type { Destination } from './destination.ts';
import { createParcels, type Parcels } from './parcel.ts';
import { openProtectionOf } from './protection/open-protection.ts';
import type { Protection } from './protection/protection.ts';
import { createDirectoryDestination } from './transports/directory.ts';
import { createRemoteDestination } from './transports/remote-destination.ts';
import { remoteOpener } from './transports/remote-opener.ts';
import { createHttpsDestination } from './transports/https.ts';
import { createSubmissionDestination } from './transports/submission.ts';

/** The endpoint a destination's settings describe; undefined: the agency comes and fetches. */
export function openDestination({ name, transport }: DestinationConfig): Destination | undefined {
  switch (transport.kind) {
    case 'directory':
      return createDirectoryDestination({ name, directory: transport.folder });
    case 'https':
      return createHttpsDestination(name, transport);
    case 'submission':
      return createSubmissionDestination(name, transport);
    case 'pull':
      return undefined;
    case 'sftp':
    case 'ftps':
      return createRemoteDestination({
        name,
        opener: remoteOpener(name, transport),
        readBack: transport.readBack,
      });
  }
}

/** What its dispatches travel as. Throws the faults of keys. */
export async function openParcels(settings: DestinationConfig): Promise<Parcels | undefined> {
  return createParcels(settings.packaging.zip, await openProtection(settings));
}

function openProtection(settings: DestinationConfig): Promise<Protection | undefined> {
  return openProtectionOf(settings, { clock: systemClock, random: systemRandom });
}
