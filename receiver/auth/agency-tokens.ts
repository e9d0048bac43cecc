import { hash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';

/** The tokens of a file, one a line, as SHA-256. Read again when the file changes: a token taken out opens nothing any more. */
export interface TokenFile {
  /** Throws `agency-tokens-unreadable` and `agency-token-short`. */
  digests(): Promise<readonly Buffer[]>;
}

/** 128 bits in hexadecimal. */
const shortest = 32;
const mostBytes = 64 * 1024;

export function createTokenFile(destination: string, file: string): TokenFile {
  let seen = '';
  let digests: readonly Buffer[] = [];
  return {
    digests: async () => {
      try {
        const { ino, size, mtimeMs, ctimeMs } = await stat(file);
        const now = [ino, size, mtimeMs, ctimeMs].join(' ');
        if (now === seen) return digests;
        if (size > mostBytes)
          throw permanent('agency-tokens-unreadable', { facts: { destination, file, reason: 'E2BIG' } });
        digests = digestsOf(await readFile(file, 'utf8'), destination, file);
        seen = now;
        return digests;
      } catch (error) {
        seen = '';
        const reason = systemCode(error);
        if (reason === undefined || reason.startsWith('agency-')) throw error;
        throw permanent('agency-tokens-unreadable', { facts: { destination, file, reason }, cause: error });
      }
    },
  };
}

function digestsOf(text: string, destination: string, file: string): readonly Buffer[] {
  const tokens = text.split(/\r?\n/).map((line, index) => ({ token: line.trim(), line: index + 1 }));
  return tokens
    .filter(({ token }) => token !== '')
    .map(({ token, line }) => {
      if (token.length < shortest)
        throw permanent('agency-token-short', { facts: { destination, file, line, shortest } });
      return tokenDigest(token);
    });
}

export function tokenDigest(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
