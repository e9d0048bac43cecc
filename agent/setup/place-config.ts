import { copyFile, constants, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder, writeDurably } from '../../shared/runtime/durable-file.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';

/** What stands at a path now, undefined when nothing does. Faults: `config-unreadable`. */
export async function configAt(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw permanent('config-unreadable', { facts: { file: path, reason: systemCode(cause) ?? '' }, cause });
  });
}

/** Writes the configuration whole or not at all; one that is there is kept beside it. Answers where, if one was. */
export async function placeConfig(
  path: string,
  text: string,
  before: string | undefined,
): Promise<string | undefined> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const aside = before === undefined ? undefined : await keepAside(path);
    await writeDurably(path, text, 0o640);
    return aside;
  } catch (cause) {
    const reason = systemCode(cause);
    if (reason === undefined) throw cause;
    throw permanent('config-not-written', { facts: { file: path, reason }, cause });
  }
}

async function keepAside(path: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const aside = `${path}.${number}.old`;
    try {
      await copyFile(path, aside, constants.COPYFILE_EXCL);
      await syncFolder(dirname(path));
      return aside;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}
