import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { CompactSign, compactVerify } from 'jose';
import type { Clock } from '../runtime/clock.ts';
import { permanent } from '../runtime/errors.ts';
import { proofClaims, receipt, type Receipt } from './receipts.ts';
import type { TrustBundle } from './trust-bundle.ts';

/** Signs receipts: one JWS (PS256) over the digests of all texts of a group commit. */
export interface ReceiptSigner {
  /** At most 4,096 texts. */
  sign(texts: readonly string[]): Promise<string>;
}

export function createReceiptSigner(deps: {
  readonly privateKey: KeyObject;
  readonly kid: string;
  readonly clock: Clock;
}): ReceiptSigner {
  return {
    sign: (texts) => {
      const claims = proofClaims.parse({
        v: 1,
        typ: 'vaguemestre-receipts',
        iat: deps.clock.now(),
        digests: texts.map(textDigest),
      });
      return new CompactSign(Buffer.from(JSON.stringify(claims), 'utf8'))
        .setProtectedHeader({ alg: 'PS256', kid: deps.kid })
        .sign(deps.privateKey);
    },
  };
}

export interface ReceiptVerifier {
  /** The receipt, when its text is among those the proof covers. Throws `receipt-invalid`. */
  verify(text: string, jws: string): Promise<Receipt>;
  /** Whether the region signed this very text, receipt or not. */
  covers(text: string, jws: string): Promise<boolean>;
}

/** PEM public keys with the period in which they may sign, as the trust bundle lists them. */
export type ReceiptKeys = TrustBundle['receiptKeys'];

const maxProofBytes = 512 * 1024;

/** Remembers the last `remembered` verified proofs: one usually covers many receipts of a page. */
export function createReceiptVerifier(keys: ReceiptKeys, remembered = 32): ReceiptVerifier {
  const known = new Map(
    keys.map(({ kid, publicKey, notBefore, notAfter }) => [
      kid,
      { key: createPublicKey(publicKey), notBefore, notAfter },
    ]),
  );
  const proofs = new Map<string, Promise<ReadonlySet<string>>>();

  const readProof = async (jws: string): Promise<ReadonlySet<string>> => {
    let kid = '';
    const { payload } = await compactVerify(
      jws,
      (header) => {
        kid = header.kid ?? '';
        const named = known.get(kid);
        if (named === undefined) throw invalid('key');
        return named.key;
      },
      { algorithms: ['PS256'] },
    );
    const claims = proofClaims.parse(JSON.parse(Buffer.from(payload).toString('utf8')));
    const signer = known.get(kid);
    if (signer === undefined || claims.iat < signer.notBefore || claims.iat > signer.notAfter)
      throw invalid('period');
    return new Set(claims.digests);
  };

  const digestsOf = (jws: string): Promise<ReadonlySet<string>> => {
    const seen = proofs.get(jws);
    if (seen !== undefined) return seen;
    const read = readProof(jws);
    proofs.set(jws, read);
    read.catch(() => proofs.delete(jws));
    const oldest = proofs.keys().next();
    if (proofs.size > remembered && oldest.done !== true) proofs.delete(oldest.value);
    return read;
  };

  const mustCover = async (text: string, jws: string): Promise<void> => {
    if (jws.length > maxProofBytes) throw invalid('size');
    const digests = await digestsOf(jws);
    if (!digests.has(textDigest(text))) throw invalid('not-covered');
  };

  return {
    covers: (text, jws) =>
      mustCover(text, jws).then(
        () => true,
        () => false,
      ),
    verify: async (text, jws) => {
      try {
        await mustCover(text, jws);
        return receipt.parse(JSON.parse(text));
      } catch (error) {
        throw permanent('receipt-invalid', { cause: error });
      }
    },
  };
}

function textDigest(text: string): string {
  return hash('sha256', text, 'base64url');
}

function invalid(why: string): Error {
  return permanent('receipt-invalid', { facts: { why } });
}
