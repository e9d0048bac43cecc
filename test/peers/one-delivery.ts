import { readFileSync } from 'node:fs';
import { destination as settingsOf } from '../../receiver/config-destinations.ts';
import { openDestination, openParcels } from '../../receiver/forward/open-destination.ts';
import { openRig } from './rig.ts';
import { never } from './agency.ts';

/** One delivery in a process of its own, for a test that kills it: the file named says the database, settings and time. */
export interface OneDelivery {
  readonly databaseFile: string;
  readonly now: number;
  readonly settings: unknown;
}

const { databaseFile, now, settings } = JSON.parse(
  readFileSync(process.argv[2] ?? '', 'utf8'),
) as OneDelivery;
const parsed = settingsOf.parse(settings);
const rig = openRig(databaseFile, now);
const destination = openDestination(parsed);
if (destination === undefined) throw new Error('nothing is delivered there');
await rig.forwarder(destination, () => openParcels(parsed)).step(never);
await destination.close();
