import {
  verifyManifest,
  type ManifestStatement,
  type RegionTrust,
} from '../../../shared/protocol/manifest-statement.ts';
import { asFault } from '../../../shared/runtime/errors.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import type { ManifestRow } from '../../store/destination-tables.ts';
import type { Store } from '../../store/store.ts';

export interface ManifestsVerdict {
  /** Those that hold. */
  readonly manifests: number;
  /** Those that do not: not signed by the region, or signed for another destination, day or serial. */
  readonly broken: readonly { readonly destination: string; readonly serial: number }[];
}

const page = 200;
const maxBroken = 100;

/** Every manifest that is kept, with public keys only. Those that a later one of their day replaced may be gone. */
export async function verifyManifests(
  store: Store,
  trust: Pick<RegionTrust, 'region' | 'receiptKeys'>,
): Promise<ManifestsVerdict> {
  let manifests = 0;
  const broken: { readonly destination: string; readonly serial: number }[] = [];
  for (const destination of await store.read((tx) => tx.manifests.destinations())) {
    for (let after = 0; ;) {
      const from = after;
      const rows = await store.read((tx) => tx.manifests.list(destination, from, page));
      for (const row of rows) {
        after = row.serial;
        if (await isStated(row, trust)) manifests += 1;
        else if (broken.length < maxBroken) broken.push({ destination, serial: row.serial });
      }
      if (rows.length < page) break;
    }
  }
  return { manifests, broken };
}

async function isStated(
  row: ManifestRow,
  trust: Pick<RegionTrust, 'region' | 'receiptKeys'>,
): Promise<boolean> {
  const said = await verifyManifest(row.jws, trust).catch((error: unknown) => {
    if (asFault(error).code === 'manifest-invalid') return undefined;
    throw error;
  });
  return said !== undefined && isOf(row, said);
}

function isOf(row: ManifestRow, said: ManifestStatement): boolean {
  return (
    said.destination === row.destination &&
    said.serial === row.serial &&
    said.day === dayToIso(row.day) &&
    said.issuedAt === row.issuedAt
  );
}
