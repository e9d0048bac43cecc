import { Buffer, isUtf8 } from 'node:buffer';

/** Names are bytes: a file system may hold one that is no valid UTF-8, and it must still be opened and moved. */
export function shownName(name: Buffer): string {
  return isUtf8(name) ? name.toString('utf8') : name.toString('latin1');
}

export function pathIn(folder: string | Buffer, name: Buffer): Buffer {
  return Buffer.concat([typeof folder === 'string' ? Buffer.from(folder) : folder, Buffer.from('/'), name]);
}

const temporaryEndings = ['.tmp', '.part', '.filepart', '~', '.ok'];

/** Names that are never exports: being written, or markers beside one. */
export function isPassedOver(name: Buffer): boolean {
  const text = name.toString('latin1').toLowerCase();
  return temporaryEndings.some((ending) => text.endsWith(ending));
}

/** The markers that may announce an export: "x.xml.ok" and "x.ok". */
export function markersOf(name: Buffer): readonly Buffer[] {
  const dot = name.lastIndexOf('.');
  const whole = Buffer.concat([name, Buffer.from('.ok')]);
  return dot <= 0 ? [whole] : [whole, Buffer.concat([name.subarray(0, dot), Buffer.from('.ok')])];
}
