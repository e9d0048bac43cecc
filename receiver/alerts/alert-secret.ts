import { readFile, stat } from 'node:fs/promises';
import { systemCode, transient } from '../../shared/runtime/errors.ts';

const largestBytes = 64 * 1024;

/** Read at each use: a changed password needs no restart. Throws `alert-secret-unreadable`. */
export async function readAlertSecret(file: string): Promise<string> {
  try {
    if ((await stat(file)).size > largestBytes)
      throw Object.assign(new Error('too large'), { code: 'EFBIG' });
    const text = (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
    if (text === '') throw Object.assign(new Error('empty'), { code: 'EMPTY' });
    return text;
  } catch (cause) {
    throw transient('alert-secret-unreadable', { facts: { file, reason: systemCode(cause) ?? '' }, cause });
  }
}

/** Lines "name: value"; empty ones and those that start with # are passed over. Throws `alert-secret-unreadable`. */
export async function readAlertHeaders(file: string | undefined): Promise<Readonly<Record<string, string>>> {
  if (file === undefined) return {};
  const lines = (await readAlertSecret(file)).split(/\r?\n/).filter((line) => /^[^#\s]/.test(line));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = '', value = ''] = /^([A-Za-z0-9-]+):\s*([\x20-\x7e]+)$/.exec(line) ?? [];
      if (name === '') throw transient('alert-secret-unreadable', { facts: { file, reason: 'format' } });
      return [name.toLowerCase(), value.trim()];
    }),
  );
}
