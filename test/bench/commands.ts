import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Server programs are often outside a user's PATH. */
const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];

export async function findCommand(name: string): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

export async function hasCommand(name: string): Promise<boolean> {
  return (await findCommand(name)) !== undefined;
}
