import {
  readManifestClaims,
  readManifestFile,
  verifyManifest,
  type ManifestStatement,
  type RegionTrust,
} from '../../../shared/protocol/manifest-statement.ts';
import { asFault, type Fault } from '../../../shared/runtime/errors.ts';

/** Manifests of several regions, put together by whoever gets them: a nation. Nothing but the files and public keys. */
export interface MergedManifests {
  /** By region, destination and day: the one with the highest serial. */
  readonly regions: readonly MergedRegion[];
  readonly replaced: readonly { readonly file: string; readonly serial: number }[];
  /** What must not be believed: counted nowhere. */
  readonly refused: readonly { readonly file: string; readonly fault: Fault }[];
  /** Sums over the regions. */
  readonly totals: ManifestStatement['totals'];
}

export interface MergedRegion {
  readonly file: string;
  /** False: no bundle of this region was given. */
  readonly verified: boolean;
  readonly statement: ManifestStatement;
}

export async function mergeManifests(
  files: readonly { readonly file: string; readonly text: string }[],
  trusts: readonly RegionTrust[],
): Promise<MergedManifests> {
  const found = new Map<string, MergedRegion>();
  const replaced: { file: string; serial: number }[] = [];
  const refused: { file: string; fault: Fault }[] = [];
  for (const { file, text } of files) {
    try {
      const region = { file, ...(await judge(text, trusts)) };
      const { statement } = region;
      const name = JSON.stringify([statement.region, statement.destination, statement.day]);
      const other = found.get(name);
      const [kept, left] = other !== undefined && stands(other, region) ? [other, region] : [region, other];
      found.set(name, kept);
      if (left !== undefined) replaced.push({ file: left.file, serial: kept.statement.serial });
    } catch (error) {
      const fault = asFault(error);
      if (fault.code !== 'manifest-invalid') throw error;
      refused.push({ file, fault });
    }
  }
  const regions = [...found.values()].sort(inOrder);
  return { regions, replaced, refused, totals: sumOf(regions.map(({ statement }) => statement.totals)) };
}

/** Verified when there is a bundle of its region or its key; throws `manifest-invalid` when that one does not hold. */
async function judge(
  text: string,
  trusts: readonly RegionTrust[],
): Promise<{ readonly verified: boolean; readonly statement: ManifestStatement }> {
  const jws = readManifestFile(text);
  const { statement, kid } = readManifestClaims(jws);
  const trust =
    trusts.find(({ receiptKeys }) => receiptKeys.some((key) => key.kid === kid)) ??
    trusts.find(({ region }) => region === statement.region);
  if (trust === undefined) return { verified: false, statement };
  return { verified: true, statement: await verifyManifest(jws, trust) };
}

/** What is proven stands against what is not, whatever serial that one claims. */
function stands(one: MergedRegion, other: MergedRegion): boolean {
  if (one.verified !== other.verified) return one.verified;
  return one.statement.serial >= other.statement.serial;
}

function inOrder(a: MergedRegion, b: MergedRegion): number {
  const nameOf = ({ statement }: MergedRegion): string =>
    `${statement.region}\n${statement.destination}\n${statement.day}`;
  return nameOf(a) < nameOf(b) ? -1 : 1;
}

function sumOf(all: readonly ManifestStatement['totals'][]): ManifestStatement['totals'] {
  const sum = (name: keyof ManifestStatement['totals']): number =>
    all.reduce((total, each) => total + each[name], 0);
  return {
    ...{ facilities: sum('facilities'), expected: sum('expected'), received: sum('received') },
    ...{ late: sum('late'), absent: sum('absent'), held: sum('held'), closed: sum('closed') },
    ...{ degraded: sum('degraded'), records: sum('records'), files: sum('files') },
  };
}
