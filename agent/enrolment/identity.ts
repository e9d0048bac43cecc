import {
  fingerprint,
  privateKeyPem,
  readCertificate,
  type CertifiedKey,
  type KeyPair,
} from '../../shared/envelope/keys.ts';
import type { KeyObject } from 'node:crypto';
import type { AgentGrant } from '../../shared/protocol/enrolment.ts';
import { verifyTrustBundle, type TrustBundle } from '../../shared/protocol/trust-bundle.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import {
  dropOtherKeys,
  readIdentityFile,
  readKeys,
  writeIdentityFile,
  writeKeys,
  type IdentityKeys,
  type KeyFiles,
  type SavedIdentity,
} from './identity-files.ts';

/** Who this agent is. It lives: certificates, bundle and facilities' keys are renewed while the agent runs. */
export interface Identity {
  readonly agent: string;
  readonly rootDigest: string;
  /** Tells one enrolment from the next. */
  readonly enrolment: string;
  /** As the region knew them at enrolment. */
  readonly ledgers: AgentGrant['ledgers'];
  readonly name: string;
  readonly ingestUrl: string;
  readonly tls: { readonly key: string; readonly certificate: string };
  readonly seal: CertifiedKey;
  /** The period in which both certificates are good, epoch ms. */
  readonly validity: Validity;
  /** The key that verifies what a seal certificate sealed, this one or an earlier one, by fingerprint. */
  readonly sealKey: (fingerprint: string) => KeyObject | undefined;
  bundle(): TrustBundle;
  /** 32 bytes; undefined when the region has not given this agent the facility. */
  readonly facilityKey: (finess: string) => Buffer | undefined;
  facilities(): AgentGrant['facilities'];
  /** Keeps a newer bundle (verified against the pinned root) and the facilities' keys, durably. */
  refresh(news: {
    readonly bundle: string | null;
    readonly facilities: readonly { readonly finess: string; readonly key: string }[];
  }): Promise<{ readonly bundleChanged: boolean }>;
  /** Puts new keys on disk beside those in force. Staged keys of an attempt that came to nothing go. */
  stageKeys(keys: { readonly tls: KeyPair; readonly seal: KeyPair }): Promise<StagedKeys>;
  /**
   * Puts staged keys in force with the certificates granted for them: durably, then for every later use. A stop at any
   * moment leaves the one identity or the other, whole. Throws `identity-mismatch`, and the bundle's faults.
   */
  switchTo(staged: StagedKeys, grant: AgentGrant): Promise<void>;
}

export interface Validity {
  readonly from: number;
  readonly until: number;
}

export interface StagedKeys {
  readonly keys: IdentityKeys;
  readonly files: KeyFiles;
}

/** At most this many earlier seal certificates are remembered: far more than contents are kept for. */
const earlierSealsKept = 24;

/** Makes an enrolment's grant the identity; what an earlier enrolment of the same agent sealed can still be verified. */
export async function saveIdentity(
  state: string,
  enrolled: {
    readonly keys: IdentityKeys;
    readonly grant: AgentGrant;
    readonly rootDigest: string;
    readonly bundleVersion: number;
    readonly replaced: SavedIdentity | undefined;
  },
): Promise<void> {
  const { keys, grant, rootDigest, bundleVersion, replaced } = enrolled;
  mustMatch(keys, grant);
  const files = await writeKeys(state, keys);
  await writeIdentityFile(state, {
    ...{ v: 1, rootDigest, bundleVersion, grant, keys: files },
    enrolment: fingerprint(readCertificate(grant.sealCertificate)),
    earlierSeals: replaced === undefined ? [] : earlierSealsWith(replaced),
  });
  await dropOtherKeys(state, files);
}

/** Faults: `agent-not-enrolled`, `identity-damaged`, `identity-mismatch`, those of the key files and of the bundle. */
export async function loadIdentity(state: string): Promise<Identity> {
  const found = await readIdentityFile(state);
  if (found === undefined) throw permanent('agent-not-enrolled', { facts: { state } });
  let saved = found;
  let current = inForce(saved, await readKeys(state, saved.keys));
  const { rootDigest } = saved;
  let bundle = await verifyTrustBundle(saved.grant.bundle, rootDigest, saved.bundleVersion);

  // Heartbeat and renewal both read, change and write: never two at once.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };

  return {
    agent: saved.grant.agent,
    rootDigest,
    enrolment: saved.enrolment,
    ledgers: saved.grant.ledgers,
    get name() {
      return saved.grant.name;
    },
    get ingestUrl() {
      return saved.grant.ingestUrl;
    },
    get tls() {
      return current.tls;
    },
    get seal() {
      return current.seal;
    },
    get validity() {
      return current.validity;
    },
    sealKey: (wanted) => current.sealKeys.get(wanted),
    bundle: () => bundle,
    facilityKey: (finess) => current.facilityKeys.get(finess),
    facilities: () => saved.grant.facilities,

    refresh: (news) =>
      inTurn(async () => {
        const newer = await newerBundle(news.bundle, rootDigest, bundle);
        const facilities = mergeFacilities(saved.grant.facilities, news.facilities);
        if (newer === undefined && facilities === saved.grant.facilities) return { bundleChanged: false };
        const next: SavedIdentity = {
          ...saved,
          bundleVersion: newer?.bundle.version ?? saved.bundleVersion,
          grant: {
            ...saved.grant,
            facilities: [...facilities],
            bundle: newer?.jws ?? saved.grant.bundle,
          },
        };
        await writeIdentityFile(state, next);
        saved = next;
        current = { ...current, facilityKeys: facilityKeysOf(facilities) };
        bundle = newer?.bundle ?? bundle;
        return { bundleChanged: newer !== undefined };
      }),

    stageKeys: (pairs) =>
      inTurn(async () => {
        await dropOtherKeys(state, saved.keys);
        const keys = { tls: pairs.tls.privateKey, seal: pairs.seal.privateKey };
        return { keys, files: await writeKeys(state, keys) };
      }),

    switchTo: (staged, grant) =>
      inTurn(async () => {
        if (grant.agent !== saved.grant.agent) throw mismatch();
        mustMatch(staged.keys, grant);
        const newer = await newerBundle(grant.bundle, rootDigest, bundle);
        const next: SavedIdentity = {
          ...saved,
          bundleVersion: newer?.bundle.version ?? saved.bundleVersion,
          keys: staged.files,
          earlierSeals: earlierSealsWith(saved),
          grant: { ...grant, ledgers: saved.grant.ledgers, bundle: newer?.jws ?? saved.grant.bundle },
        };
        crashPoint('before-identity-switch');
        await writeIdentityFile(state, next);
        crashPoint('after-identity-switch');
        saved = next;
        current = inForce(next, staged.keys);
        bundle = newer?.bundle ?? bundle;
        await dropOtherKeys(state, next.keys);
      }),
  };
}

interface InForce {
  readonly tls: Identity['tls'];
  readonly seal: CertifiedKey;
  readonly validity: Validity;
  readonly sealKeys: ReadonlyMap<string, KeyObject>;
  readonly facilityKeys: ReadonlyMap<string, Buffer>;
}

/** What follows from a saved identity and its keys. */
function inForce({ grant, earlierSeals }: SavedIdentity, keys: IdentityKeys): InForce {
  mustMatch(keys, grant);
  const certificates = [grant.tlsCertificate, grant.sealCertificate].map(readCertificate);
  const seals = [...earlierSeals, grant.sealCertificate].map(readCertificate);
  return {
    tls: { key: privateKeyPem(keys.tls), certificate: grant.tlsCertificate },
    seal: { privateKey: keys.seal, certificate: readCertificate(grant.sealCertificate) },
    validity: {
      from: Math.max(...certificates.map(({ validFrom }) => Date.parse(validFrom))),
      until: Math.min(...certificates.map(({ validTo }) => Date.parse(validTo))),
    },
    sealKeys: new Map(seals.map((certificate) => [fingerprint(certificate), certificate.publicKey])),
    facilityKeys: facilityKeysOf(grant.facilities),
  };
}

function mustMatch(keys: IdentityKeys, grant: AgentGrant): void {
  const pairs = [
    [grant.tlsCertificate, keys.tls],
    [grant.sealCertificate, keys.seal],
  ] as const;
  for (const [pem, key] of pairs) if (!readCertificate(pem).checkPrivateKey(key)) throw mismatch();
}

function mismatch(): Error {
  return permanent('identity-mismatch');
}

function earlierSealsWith({ earlierSeals, grant }: SavedIdentity): string[] {
  return [...earlierSeals, grant.sealCertificate].slice(-earlierSealsKept);
}

/** Verified against the pinned root; undefined when it is not newer than the one in force. */
async function newerBundle(
  jws: string | null,
  rootDigest: string,
  { version }: TrustBundle,
): Promise<{ readonly jws: string; readonly bundle: TrustBundle } | undefined> {
  if (jws === null) return undefined;
  const bundle = await verifyTrustBundle(jws, rootDigest, version);
  return bundle.version > version ? { jws, bundle } : undefined;
}

function facilityKeysOf(facilities: AgentGrant['facilities']): ReadonlyMap<string, Buffer> {
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
