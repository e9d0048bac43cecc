import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import {
  loadPrivateKey,
  privateKeyPem,
  readCertificate,
  savePrivateKey,
  type CertifiedKey,
} from '../../shared/envelope/keys.ts';
import { agentGrant, type AgentGrant } from '../../shared/protocol/enrolment.ts';
import { verifyTrustBundle, type TrustBundle } from '../../shared/protocol/trust-bundle.ts';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';

/**
 * Who this agent is: what enrolment brought, in `<state>/identity/`:
 *
 *   tls.key, seal.key   private keys, PEM, 0600
 *   grant.json          everything else; written last, so its presence means "enrolled"
 */
const savedGrant = z.strictObject({
  v: z.literal(1),
  /** Lower-case hex SHA-256 of the region root's SPKI, pinned by the enrolment code. */
  rootDigest: z.string(),
  bundleVersion: z.int(),
  grant: agentGrant,
});
type SavedGrant = z.infer<typeof savedGrant>;

export interface Identity {
  readonly agent: string;
  readonly name: string;
  readonly ingestUrl: string;
  readonly rootDigest: string;
  readonly tls: { readonly key: string; readonly certificate: string };
  readonly seal: CertifiedKey;
  readonly ledgers: AgentGrant['ledgers'];
  /** The trust bundle in force; it may be renewed while the agent runs. */
  bundle(): TrustBundle;
  /** 32 bytes; undefined when the region has not given this agent the facility. */
  readonly facilityKey: (finess: string) => Buffer | undefined;
  facilities(): AgentGrant['facilities'];
  /** Keeps a newer bundle (verified against the pinned root) and the facilities' keys, durably. */
  refresh(news: {
    readonly bundle: string | null;
    readonly facilities: readonly { readonly finess: string; readonly key: string }[];
  }): Promise<{ readonly bundleChanged: boolean }>;
}

const folderOf = (state: string): string => join(state, 'identity');

export async function saveIdentity(
  state: string,
  enrolled: {
    readonly tlsKey: KeyObject;
    readonly sealKey: KeyObject;
    readonly grant: AgentGrant;
    readonly rootDigest: string;
    readonly bundleVersion: number;
  },
): Promise<void> {
  const folder = folderOf(state);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await savePrivateKey(join(folder, 'tls.key'), enrolled.tlsKey);
  await savePrivateKey(join(folder, 'seal.key'), enrolled.sealKey);
  await saveGrant(state, {
    v: 1,
    rootDigest: enrolled.rootDigest,
    bundleVersion: enrolled.bundleVersion,
    grant: enrolled.grant,
  });
}

function saveGrant(state: string, saved: SavedGrant): Promise<void> {
  return writeDurably(join(folderOf(state), 'grant.json'), JSON.stringify(saved, null, 2), 0o600);
}

export async function isEnrolled(state: string): Promise<boolean> {
  return (await readGrant(state)) !== undefined;
}

/** Faults: `agent-not-enrolled`, `identity-damaged`, those of the key files and of the bundle. */
export async function loadIdentity(state: string): Promise<Identity> {
  let saved = await readGrant(state);
  if (saved === undefined) throw permanent('agent-not-enrolled', { facts: { state } });
  const folder = folderOf(state);
  const tlsKey = await loadPrivateKey(join(folder, 'tls.key'));
  const sealKey = await loadPrivateKey(join(folder, 'seal.key'));
  const { grant, rootDigest } = saved;
  let bundle = await verifyTrustBundle(grant.bundle, rootDigest, saved.bundleVersion);
  let keys = keysOf(grant.facilities);

  return {
    agent: grant.agent,
    name: grant.name,
    ingestUrl: grant.ingestUrl,
    rootDigest,
    tls: { key: privateKeyPem(tlsKey), certificate: grant.tlsCertificate },
    seal: { privateKey: sealKey, certificate: readCertificate(grant.sealCertificate) },
    ledgers: grant.ledgers,
    bundle: () => bundle,
    facilityKey: (finess) => keys.get(finess),
    facilities: () => saved?.grant.facilities ?? [],
    refresh: async (news) => {
      if (saved === undefined) return { bundleChanged: false };
      const newer =
        news.bundle === null ? undefined : await verifyTrustBundle(news.bundle, rootDigest, bundle.version);
      const bundleChanged = newer !== undefined && newer.version > bundle.version;
      const facilities = mergeFacilities(saved.grant.facilities, news.facilities);
      if (!bundleChanged && facilities === saved.grant.facilities) return { bundleChanged: false };
      const next: SavedGrant = {
        ...saved,
        bundleVersion: bundleChanged ? newer.version : saved.bundleVersion,
        grant: {
          ...saved.grant,
          facilities: [...facilities],
          bundle: bundleChanged && news.bundle !== null ? news.bundle : saved.grant.bundle,
        },
      };
      await saveGrant(state, next);
      saved = next;
      keys = keysOf(facilities);
      if (bundleChanged) bundle = newer;
      return { bundleChanged };
    },
  };
}

async function readGrant(state: string): Promise<SavedGrant | undefined> {
  const path = join(folderOf(state), 'grant.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw permanent('identity-damaged', { facts: { file: path }, cause: error });
  }
  try {
    return savedGrant.parse(JSON.parse(text));
  } catch (cause) {
    throw permanent('identity-damaged', { facts: { file: path }, cause });
  }
}

function keysOf(facilities: AgentGrant['facilities']): ReadonlyMap<string, Buffer> {
  return new Map(facilities.map(({ finess, key }) => [finess, Buffer.from(key, 'base64url')]));
}

/** The same object when nothing is new. */
function mergeFacilities(
  known: AgentGrant['facilities'],
  news: readonly { readonly finess: string; readonly key: string }[],
): AgentGrant['facilities'] {
  const fresh = news.filter(
    ({ finess, key }) => !known.some((old) => old.finess === finess && old.key === key),
  );
  if (fresh.length === 0) return known;
  const kept = known.filter(({ finess }) => !fresh.some((one) => one.finess === finess));
  return [
    ...kept,
    ...fresh.map(({ finess, key }) => ({
      finess,
      key,
      name: known.find((old) => old.finess === finess)?.name ?? finess,
    })),
  ];
}
