import { asFault, permanent, type Fault } from '../../../shared/runtime/errors.ts';
import type { DestinationConfig } from '../../config-destinations.ts';

/** What there is to know of an agency's key: nothing of it is secret, and none of it names a person. */
export interface AgencyKey {
  readonly kind: 'openpgp' | 'cms';
  /** Lower-case hex: of an OpenPGP key its own fingerprint, of a certificate the SHA-256 of its DER. */
  readonly fingerprint: string;
  /** "rsa-4096", or the name of a curve: of the key that encrypts. */
  readonly algorithm: string;
  /** Null where a size says nothing, as for curves. */
  readonly bits: number | null;
  /** Epoch ms: made, or valid from. */
  readonly createdAt: number;
  /** Epoch ms; null: never. */
  readonly expiresAt: number | null;
}

export type SealedDestination = DestinationConfig & {
  readonly protection: Exclude<DestinationConfig['protection'], { kind: 'none' }>;
};

/** Where a fault was found: for its message. */
export interface KeyPlace extends Readonly<Record<string, string>> {
  readonly destination: string;
  readonly file: string;
}

/** Whether anything is sealed for this destination. */
export function isSealed(settings: DestinationConfig): settings is SealedDestination {
  return settings.protection.kind !== 'none';
}

export function keyPlace({ name, protection }: SealedDestination): KeyPlace {
  return {
    destination: name,
    file: protection.kind === 'openpgp' ? protection.keyFile : protection.certificateFile,
  };
}

/** Throws `agency-key-swapped` unless it is the key that the settings name. */
export function requireNamed(key: AgencyKey, settings: SealedDestination): void {
  const { fingerprint } = settings.protection;
  if (key.fingerprint !== fingerprint)
    throw permanent('agency-key-swapped', {
      facts: { ...keyPlace(settings), found: key.fingerprint, expected: fingerprint },
    });
}

/** Throws `agency-key-early`, `agency-key-expired`. */
export function requireInForce(key: AgencyKey, place: KeyPlace, now: number): void {
  if (key.createdAt > now)
    throw permanent('agency-key-early', { facts: { ...place, from: instant(key.createdAt) } });
  if (hasExpired(key.expiresAt, now))
    throw permanent('agency-key-expired', { facts: { ...place, at: instant(key.expiresAt ?? now) } });
}

/** Why nothing would be sealed for it: it is not the one that the settings name, or not in force. */
export function keyFault(key: AgencyKey, settings: SealedDestination, now: number): Fault | undefined {
  try {
    requireNamed(key, settings);
    requireInForce(key, keyPlace(settings), now);
    return undefined;
  } catch (error) {
    return asFault(error);
  }
}

export function hasExpired(expiresAt: number | null, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** As facts carry instants: they are shown in local time. */
export function instant(at: number): string {
  return new Date(at).toISOString();
}

export const smallestRsaBits = 2048;
/** Beyond it a key is an oddity that costs seconds. */
export const largestRsaBits = 8192;

/** Throws `agency-key-weak`, and `agency-key-unsuitable` for a size nobody uses. */
export function requireRsaSize(bits: number, place: KeyPlace): void {
  if (bits < smallestRsaBits)
    throw permanent('agency-key-weak', { facts: { ...place, bits, least: smallestRsaBits } });
  if (bits > largestRsaBits) throw unsuitable(place, `rsa-${bits}`);
}

export function unsuitable(place: KeyPlace, found: string, cause?: unknown): Error {
  return permanent('agency-key-unsuitable', { facts: { ...place, found }, cause });
}
