import type { Clock } from '../../../shared/runtime/clock.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import type { Random } from '../../../shared/runtime/random.ts';
import { keyPlace, requireInForce, requireNamed, type SealedDestination } from './agency-key.ts';
import { createFreshProtection } from './fresh-key.ts';
import {
  loadOpenPgp,
  readAgencyOpenPgpKey,
  readSigningKey,
  requireSigningInForce,
  type AgencyOpenPgpKey,
  type SigningKey,
} from './openpgp-keys.ts';
import type { Protection } from './protection.ts';

export type OpenPgpSettings = SealedDestination & {
  readonly protection: { readonly kind: 'openpgp' };
};

const sessionKeyBytes = 32;

/**
 * An OpenPGP message for the agency's public key, signed inside with the region's key when there is one. The library is
 * loaded for destinations that ask for it.
 *
 * Throws, opening and sealing alike, the faults of `readAgencyOpenPgpKey`, `agency-key-swapped`, `agency-key-early`,
 * `agency-key-expired`, `signing-key-expired`; opening also those of `readSigningKey`; sealing also `agency-key-renewed`,
 * `agency-key-sealing`.
 */
export async function createOpenPgpProtection(
  settings: OpenPgpSettings,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<Protection> {
  const openpgp = await loadOpenPgp();
  const { armored, signingKeyFile, signingPassphraseFile } = settings.protection;
  const place = keyPlace(settings);
  const signingPlace = { ...place, file: signingKeyFile ?? '' };
  const signer =
    signingKeyFile === undefined
      ? undefined
      : await readSigningKey(openpgp, signingPlace, signingPassphraseFile, clock.now());
  return createFreshProtection({
    ...{ settings, clock, suffix: armored ? '.asc' : '.gpg' },
    load: async (bytes) => {
      const read = await readAgencyOpenPgpKey(openpgp, bytes, place, clock.now());
      requireNamed(read.key, settings);
      requireInForce(read.key, place, clock.now());
      return {
        key: read.key,
        id: idOf(read, signer, armored),
        seal: async (name, content) => {
          if (signer !== undefined) requireSigningInForce(signer, signingPlace, clock.now());
          const options = {
            // A plain array: the library slices, and slices of a Buffer are not copies.
            message: await openpgp.createMessage({
              ...{ binary: new Uint8Array(content), filename: name, date: new Date(clock.now()) },
            }),
            ...sealingOptions(read, signer, random, new Date(clock.now())),
          };
          const sealed = armored
            ? openpgp.encrypt({ ...options, format: 'armored' })
            : openpgp.encrypt({ ...options, format: 'binary' });
          return Buffer.from(
            await sealed.catch((cause: unknown) => {
              throw permanent('agency-key-sealing', { facts: place, cause });
            }),
          );
        },
      };
    },
  });
}

/** The subkey too: what was sealed for one that was replaced since is sealed again. */
function idOf(
  { key, encrypting }: AgencyOpenPgpKey,
  signer: SigningKey | undefined,
  armored: boolean,
): string {
  const parts = ['openpgp', key.fingerprint, encrypting.getKeyID().toHex()];
  return [...parts, signer?.fingerprint ?? 'unsigned', armored ? 'armored' : 'binary'].join(':');
}

/**
 * The session key is made here because the library would choose the newer form of message (SEIPD version 2) for a key that
 * claims to read it, and GnuPG 2.2 opens the older one alone. Not compressed: `packaging.zip` is the setting for that.
 */
function sealingOptions(
  { openPgp, encrypting }: AgencyOpenPgpKey,
  signer: SigningKey | undefined,
  random: Random,
  date: Date,
) {
  return {
    ...{ encryptionKeys: openPgp, encryptionKeyIDs: [encrypting.getKeyID()], date },
    sessionKey: { data: new Uint8Array(random.bytes(sessionKeyBytes)), algorithm: 'aes256' as const },
    ...(signer === undefined ? {} : { signingKeys: signer.privateKey }),
  };
}
