import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createPublicKey,
  privateDecrypt,
  publicEncrypt,
  type KeyObject,
} from 'node:crypto';
import { signDigest, spkiDigest } from '../../shared/envelope/keys.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import {
  frameBytes,
  frameData,
  frameHead,
  frameNonce,
  framesOf,
  opening,
  signatureLabel,
  type BackupHeader,
} from './backup-file.ts';

/** What the maker of a backup says in clear; the rest of the header follows from the keys. */
export type BackupFacts = Pick<
  BackupHeader,
  'region' | 'createdAt' | 'product' | 'schema' | 'root' | 'bundle'
>;

export interface SealKeys {
  /** The region's recovery key: public half. */
  readonly recovery: KeyObject;
  /** The key that signs the region's receipts. */
  readonly signer: { readonly kid: string; readonly privateKey: KeyObject };
}

/** The bytes of the file (see backup-file.ts), frame by frame: memory does not grow with the archive. */
export async function* sealBackup(
  archive: AsyncIterable<Buffer>,
  facts: BackupFacts,
  { keys, random }: { readonly keys: SealKeys; readonly random: Random },
): AsyncGenerator<Buffer> {
  const contentKey = random.bytes(32);
  const start = opening({
    ...{ format: 'vaguemestre-backup', v: 1, ...facts },
    recoveryKey: spkiDigest(keys.recovery),
    contentKey: publicEncrypt({ key: keys.recovery, ...oaep }, contentKey).toString('base64'),
    signer: keys.signer.kid,
  });
  const hash = createHash('sha256').update(start);
  const openingDigest = hash.copy().digest();
  yield start;
  let number = 0;
  for await (const { piece, last } of inPieces(archive)) {
    const cipher = createCipheriv('aes-256-gcm', contentKey, frameNonce(number));
    cipher.setAAD(frameData(openingDigest, number, last));
    const ciphertext = cipher.update(piece);
    cipher.final();
    for (const part of [frameHead(last, piece.length), ciphertext, cipher.getAuthTag()]) {
      hash.update(part);
      yield part;
    }
    number += 1;
  }
  yield await signDigest(signatureLabel, hash.digest(), keys.signer.privateKey);
}

/**
 * The archive in a file whose seal was checked. Throws `backup-wrong-key` before anything is read, and
 * `backup-frame-altered` where a frame is not what was sealed at its place.
 */
export async function* openBackup(
  path: string,
  header: BackupHeader,
  recoveryKey: KeyObject,
): AsyncGenerator<Buffer> {
  const contentKey = unwrap(path, header, recoveryKey);
  for await (const { number, last, ciphertext, tag, openingDigest } of framesOf(path)) {
    const decipher = createDecipheriv('aes-256-gcm', contentKey, frameNonce(number));
    decipher.setAAD(frameData(openingDigest, number, last)).setAuthTag(tag);
    const content = decipher.update(ciphertext);
    try {
      decipher.final();
    } catch (error) {
      throw permanent('backup-frame-altered', { facts: { file: path, frame: number + 1 }, cause: error });
    }
    yield content;
  }
}

const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' } as const;

function unwrap(path: string, header: BackupHeader, recoveryKey: KeyObject): Buffer {
  const given = spkiDigest(createPublicKey(recoveryKey));
  const facts = { file: path, given, expected: header.recoveryKey, region: header.region };
  if (given !== header.recoveryKey) throw permanent('backup-wrong-key', { facts });
  try {
    return privateDecrypt({ key: recoveryKey, ...oaep }, Buffer.from(header.contentKey, 'base64'));
  } catch (error) {
    throw permanent('backup-wrong-key', { facts, cause: error });
  }
}

/** Pieces of a frame's size, the last one shorter; one empty piece when there is nothing. Each is good until the next. */
async function* inPieces(
  source: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly piece: Buffer; readonly last: boolean }> {
  const held = Buffer.alloc(frameBytes);
  let bytes = 0;
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length;) {
      if (bytes === frameBytes) {
        yield { piece: held, last: false };
        bytes = 0;
      }
      const copied = chunk.copy(held, bytes, from);
      bytes += copied;
      from += copied;
    }
  }
  yield { piece: held.subarray(0, bytes), last: true };
}
