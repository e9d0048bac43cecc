import { hash } from 'node:crypto';
import { zipSync } from 'fflate';
import type { OutgoingFile } from './destination.ts';
import type { Protection } from './protection/protection.ts';

/** A dispatch made ready to travel: zipped, then sealed, as its destination asks. */
export interface Parcels {
  /** What the bytes are made for: form and key. Another one means that they must be made again. */
  readonly id: string;
  /** Fingerprint of the agency's key, which two people must have approved; undefined without one. */
  readonly key: string | undefined;
  make(name: string, content: Buffer): Promise<OutgoingFile>;
}

/** Undefined when a dispatch travels as it was composed. */
export function createParcels(zip: boolean, protection: Protection | undefined): Parcels | undefined {
  if (!zip && protection === undefined) return undefined;
  return {
    key: protection?.fingerprint,
    id: `${zip ? 'zip+' : ''}${protection?.id ?? 'none'}`,
    make: async (name, content) => {
      const packed = zip
        ? { name: `${name}${zipSuffix}`, content: zipped(name, content) }
        : { name, content };
      if (protection === undefined) return { ...packed, digest: hash('sha256', packed.content, 'hex') };
      const sealed = await protection.seal(packed.name, packed.content);
      return {
        name: `${packed.name}${protection.suffix}`,
        content: sealed,
        digest: hash('sha256', sealed, 'hex'),
      };
    },
  };
}

const zipSuffix = '.zip';
export const sealSuffixes = ['.gpg', '.asc', '.p7m'] as const satisfies readonly Protection['suffix'][];

/** The name a dispatch was composed under, from the name it travelled under. */
export function composedName(name: string): string {
  const seal = sealSuffixes.find((suffix) => name.endsWith(suffix));
  const opened = seal === undefined ? name : name.slice(0, -seal.length);
  return opened.endsWith(zipSuffix) ? opened.slice(0, -zipSuffix.length) : opened;
}

/** Files as they travel, in one archive: for a person who takes many at once. What is sealed already hardly gets smaller. */
export function packTogether(files: readonly OutgoingFile[]): Buffer {
  const { buffer, byteOffset, byteLength } = zipSync(
    Object.fromEntries(files.map(({ name, content }) => [name, [content, { level: 1, mtime: firstDosDay }]])),
  );
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The same bytes at every attempt: no time of day, no owner. */
function zipped(name: string, content: Buffer): Buffer {
  const { buffer, byteOffset, byteLength } = zipSync({ [name]: [content, { level: 6, mtime: firstDosDay }] });
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** What the zip format counts from. */
const firstDosDay = new Date(1980, 0, 1);
