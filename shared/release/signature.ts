import { createHash } from 'node:crypto';

/** File name of an update. */
export const updateSuffix = '.vgm-update';

/** What the release key signs, so that its signature can mean nothing else: label ‖ SHA-256 of `release.json` as it stands. */
export function signedBytes(releaseJson: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from('vaguemestre-release-v1\0'),
    createHash('sha256').update(releaseJson).digest(),
  ]);
}
