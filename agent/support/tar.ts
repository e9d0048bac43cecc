import { gzipSync } from 'node:zlib';
import { permanent } from '../../shared/runtime/errors.ts';

export interface BundleFile {
  /** Path inside the bundle: ASCII, under 100 characters. */
  readonly name: string;
  readonly content: Buffer;
}

const blockBytes = 512;

/**
 * A .tar.gz: POSIX ustar (IEEE 1003.1, pax, "ustar Interchange Format"), regular files only, so that any tar opens it and
 * the hospital can look inside before sending.
 */
export function tarGz(files: readonly BundleFile[], at: number): Buffer {
  const blocks = files.flatMap(({ name, content }) => [
    header(name, content.length, at),
    content,
    Buffer.alloc((blockBytes - (content.length % blockBytes)) % blockBytes),
  ]);
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * blockBytes)]));
}

function header(name: string, bytes: number, at: number): Buffer {
  if (!/^[\w./-]{1,99}$/.test(name)) throw permanent('bundle-entry', { facts: { name } });
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  block.write(name, 0);
  block.write(`${octal(0o600, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100);
  block.write(`${octal(bytes, 11)}\0${octal(Math.floor(at / 1000), 11)}\0`, 124);
  block.write('        0', 148);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}
