import { open } from 'node:fs/promises';
import { describeFault } from '../../shared/i18n/errors.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import {
  maxManifestBytes,
  readManifestClaims,
  readManifestFile,
  readRegionTrust,
  verifyManifest,
  type ManifestFile,
  type RegionTrust,
} from '../../shared/protocol/manifest-statement.ts';
import { Fault, permanent, systemCode } from '../../shared/runtime/errors.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { mergeManifests, type MergedManifests } from '../forward/manifests/merge-manifests.ts';
import type { ManifestRow } from '../store/destination-tables.ts';
import type { StoreTx } from '../store/store.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { dayOption, dayText, settingsOf } from './destination-words.ts';
import { facilityLines, manifestLines, printable, state, totalsLine } from './manifest-lines.ts';

/** The latest manifest of a destination, of a day or of the last one stated. As JSON it is the file that is delivered. */
export async function showManifest(
  { config, language }: CommandContext,
  { destination, day }: { readonly destination: string; readonly day?: string | undefined },
): Promise<CommandAnswer> {
  settingsOf(config, destination);
  const wanted = day === undefined ? undefined : dayOption(day, '--day');
  const row = await withStore(config, (store) => store.read((tx) => latest(tx, destination, wanted)));
  if (row === undefined) throw permanent('manifest-none', { facts: { destination, day: day ?? '-' } });
  const { statement: manifest } = readManifestClaims(row.jws);
  const document: ManifestFile = { manifest, jws: row.jws };
  return { document, lines: manifestLines(manifest, language) };
}

const recentSerials = 500;

async function latest(
  tx: StoreTx,
  destination: string,
  day: Day | undefined,
): Promise<ManifestRow | undefined> {
  if (day !== undefined) return tx.manifests.latest(destination, day);
  const last = await tx.manifests.lastSerial(destination);
  const rows = await tx.manifests.list(destination, Math.max(0, last - recentSerials), recentSerials);
  return rows.reduce<ManifestRow | undefined>(
    (found, row) => (found !== undefined && found.day > row.day ? found : row),
    undefined,
  );
}

/** Whether a region signed this. Needs no region here: the file, and the region's trust bundle. */
export async function verifyManifestFile(
  language: Language,
  options: { readonly file: string; readonly bundle: readonly string[]; readonly root?: string | undefined },
): Promise<CommandAnswer> {
  const jws = readManifestFile(await readText(options.file));
  const trusts = await trustsOf(options.bundle, options.root);
  const { kid } = readManifestClaims(jws);
  const trust = trusts.find(({ receiptKeys }) => receiptKeys.some((key) => key.kid === kid)) ?? trusts[0];
  if (trust === undefined) throw permanent('command-invalid', { facts: { detail: '--bundle FILE' } });
  const statement = await verifyManifest(jws, trust);
  const { region, rootDigest: root } = trust;
  return {
    document: { verified: true, root, manifest: statement },
    lines: [
      ...manifestLines(statement, language),
      state(language, 'verified', { region: printable(region), root }),
    ],
  };
}

const mostFiles = 1000;

/** One table of many regions' manifests: those whose bundle is given are verified, the others said not to be. */
export async function mergeManifestFiles(
  language: Language,
  options: { readonly files: readonly string[]; readonly bundle: readonly string[] },
): Promise<CommandAnswer> {
  if (options.files.length > mostFiles)
    throw permanent('command-invalid', { facts: { detail: `${options.files.length} > ${mostFiles}` } });
  const trusts = await trustsOf(options.bundle, undefined);
  const files: { file: string; text: string }[] = [];
  for (const file of options.files) files.push({ file, text: await readText(file) });
  const merged = await mergeManifests(files, trusts);
  return {
    document: {
      regions: merged.regions.map(({ file, verified, statement }) => ({ file, verified, ...statement })),
      replaced: merged.replaced,
      refused: merged.refused.map(({ file, fault: { code, facts } }) => ({
        file,
        code,
        reason: facts['reason'],
      })),
      totals: merged.totals,
    },
    lines: mergedLines(merged, language),
    exitCode: merged.refused.length === 0 ? 0 : 1,
  };
}

function mergedLines(
  { regions, replaced, refused, totals }: MergedManifests,
  language: Language,
): readonly string[] {
  const unverified = regions.filter(({ verified }) => !verified).length;
  return [
    ...regions.flatMap(({ verified, statement }) => {
      const { destination, day, serial } = statement;
      const proof = state(language, verified ? 'proofVerified' : 'proofNone');
      const facts = {
        region: printable(statement.region),
        destination: printable(destination),
        day: dayText(day, language),
        serial,
        proof,
      };
      return [
        state(language, 'mergedRegion', facts),
        ...facilityLines(statement.facilities, language).map((line) => `  ${line}`),
        `  ${totalsLine(statement.totals, language)}`,
      ];
    }),
    ...replaced.map((each) => state(language, 'mergedReplaced', each)),
    ...refused.map(({ file, fault }) =>
      state(language, 'mergedRefused', { file, message: describeFault(fault, language).message }),
    ),
    state(language, 'mergedTotals', { regions: regions.length, unverified, refused: refused.length }),
    totalsLine(totals, language),
  ];
}

async function trustsOf(
  bundles: readonly string[],
  root: string | undefined,
): Promise<readonly RegionTrust[]> {
  const trusts: RegionTrust[] = [];
  const pinned = root?.replace(/[: ]/g, '').toLowerCase();
  for (const file of bundles) trusts.push(await readRegionTrust(await readText(file), pinned));
  return trusts;
}

/** A file of somebody else's: never more than a manifest may hold. Throws `manifest-unreadable`. */
async function readText(path: string): Promise<string> {
  const unreadable = (reason: string, cause?: unknown): Error =>
    permanent('manifest-unreadable', { facts: { file: path, reason }, cause });
  const file = await open(path, 'r').catch((error: unknown) => {
    throw unreadable(systemCode(error) ?? '', error);
  });
  try {
    const { size } = await file.stat();
    // The statement is there twice: to read, and signed.
    if (size > 3 * maxManifestBytes) throw unreadable(`${size} > ${3 * maxManifestBytes}`);
    return await file.readFile('utf8');
  } catch (error) {
    throw error instanceof Fault ? error : unreadable(systemCode(error) ?? '', error);
  } finally {
    await file.close();
  }
}
