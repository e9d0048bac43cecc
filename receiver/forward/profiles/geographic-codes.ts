import { readFile, stat } from 'node:fs/promises';
import { permanent, systemCode } from '../../../shared/runtime/errors.ts';
import type { GeographicCodes } from './atih.ts';

/** France has some 6,300 postcodes; a table a hundred times that is another file. */
const maxBytes = 4 * 1024 * 1024;
const linesTold = 20;

const header = /^"?[a-z_ éèà-]+"?[;,]/i;
const line = /^"?(\d{5})"?[;,]"?([0-9][0-9A-Z]{4})"?$/i;

/**
 * Reads `postcode;code`, one a line, a header line allowed. Throws `geographic-codes-unreadable` (no file, too large,
 * nothing in it) and `geographic-codes-invalid` with the lines that are something else: a postcode that lost its
 * first zero to a spreadsheet, a postcode given two codes.
 */
export async function readGeographicCodes(file: string): Promise<GeographicCodes> {
  const text = await readBounded(file);
  const codes = new Map<string, string>();
  const wrong: number[] = [];
  for (const [index, written] of text.split('\n').entries()) {
    const content = written.trim();
    if (content === '' || (index === 0 && header.test(content))) continue;
    const [, postcode = '', code = ''] = line.exec(content) ?? [];
    const known = codes.get(postcode);
    if (postcode === '' || (known !== undefined && known !== code.toUpperCase())) wrong.push(index + 1);
    else codes.set(postcode, code.toUpperCase());
  }
  const [first] = wrong;
  if (first !== undefined) {
    const lines = `${wrong.slice(0, linesTold).join(', ')}${wrong.length > linesTold ? ', ...' : ''}`;
    throw permanent('geographic-codes-invalid', {
      position: { line: first },
      facts: { file, count: wrong.length, lines },
    });
  }
  if (codes.size === 0) throw unreadable(file, 'EMPTY');
  return codes;
}

async function readBounded(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size <= maxBytes) return (await readFile(file, 'utf8')).replace(/^\ufeff/, '');
  } catch (error) {
    throw unreadable(file, systemCode(error) ?? '', error);
  }
  throw unreadable(file, 'EFBIG');
}

function unreadable(file: string, reason: string, cause?: unknown): Error {
  return permanent('geographic-codes-unreadable', { facts: { file, reason }, cause });
}
