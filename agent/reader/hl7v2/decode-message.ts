import { isUtf8 } from 'node:buffer';
import { permanent } from '../../../shared/runtime/errors.ts';
import { decodeBytes, encodingNamed } from '../decode.ts';
import { charsetOf } from './charset.ts';

/**
 * The text of one message that came alone, by the rules of decode.ts: the source's setting, MSH-18, else UTF-8 if every byte
 * agrees, else windows-1252. Throws `encoding-unsupported`.
 */
export function decodeMessage(bytes: Buffer, setting?: string): string {
  const name = setting ?? charsetOf(bytes.toString('latin1', 0, 8192));
  const said = name === undefined ? 'utf-8' : encodingNamed(name);
  if (said === undefined) throw permanent('encoding-unsupported');
  return decodeBytes(bytes, said === 'utf-8' && !isUtf8(bytes) ? 'windows-1252' : said);
}
