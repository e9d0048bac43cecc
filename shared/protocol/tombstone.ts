import { hash, type KeyObject } from 'node:crypto';
import { signDigest, verifyDigest } from '../envelope/keys.ts';
import type { TombstoneRequest } from './push.ts';

const label = 'vaguemestre-tombstone-v1';

/** Signed with the agent's seal key: this place of the ledger will never be filled, and why. */
export async function signTombstone(
  fields: Omit<TombstoneRequest, 'v' | 'signature'>,
  sealKey: KeyObject,
): Promise<TombstoneRequest> {
  const ordered = canonical({ v: 1, ...fields });
  const signature = await signDigest(label, digestOf(ordered), sealKey);
  return { ...ordered, signature: signature.toString('base64url') };
}

/** Whether the holder of this seal key signed it. */
export function verifyTombstone(request: TombstoneRequest, sealKey: KeyObject): boolean {
  const signature = Buffer.from(request.signature, 'base64url');
  return verifyDigest(label, digestOf(canonical(request)), signature, sealKey);
}

function digestOf(ordered: Omit<TombstoneRequest, 'signature'>): Buffer {
  return hash('sha256', JSON.stringify(ordered), 'buffer');
}

/** The schema's key order is part of what is signed. */
function canonical(request: Omit<TombstoneRequest, 'signature'>): Omit<TombstoneRequest, 'signature'> {
  const { v, agent, feed, epoch, seq, envelope, digest, prev, code } = request;
  return { v, agent, feed, epoch, seq, envelope, digest, prev, code };
}
