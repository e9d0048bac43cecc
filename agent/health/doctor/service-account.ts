import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { folderAccess, tryFolders, type AccessSource, type FolderAccess } from './access.ts';

/** An account by its numbers, as the system knows it. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

const run = promisify(execFile);
const unitFiles = ['/etc', '/usr/local/lib', '/usr/lib', '/lib'].map(
  (base) => `${base}/systemd/system/vaguemestre-agent.service`,
);

/** The account that the service's unit names; the usual one where a unit names none. Undefined: there is no such account. */
export async function serviceAccount(asked: string | undefined): Promise<Account | undefined> {
  const name = asked ?? (await unitUser()) ?? 'vaguemestre';
  try {
    const ask = async (flag: string): Promise<string> => (await run('id', [flag, name])).stdout.trim();
    const groups = (await ask('-G')).split(' ').map(Number);
    return { name, uid: Number(await ask('-u')), gid: Number(await ask('-g')), groups };
  } catch {
    return undefined;
  }
}

async function unitUser(): Promise<string | undefined> {
  for (const file of unitFiles) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    const user = text === undefined ? undefined : /^\s*User\s*=\s*(\S+)/m.exec(text)?.[1];
    if (user !== undefined) return user;
  }
  return undefined;
}

const request = z.object({
  account: z.object({ name: z.string(), uid: z.int(), gid: z.int(), groups: z.array(z.int()) }),
  sources: z.array(
    z.object({
      name: z.string(),
      folder: z.string(),
      after: z.enum(['archive', 'keep']),
      archiveFolder: z.string().optional(),
      quarantineFolder: z.string().optional(),
    }),
  ),
});

/** Set for the process that tries the rights of another account: it is this program once more. */
export const probeVariable = 'VAGUEMESTRE_DOCTOR_PROBE';

/** As another account, in a process that becomes it: groups and all. Undefined: it could not be started. */
export async function tryFoldersAs(
  account: Account,
  sources: readonly AccessSource[],
): Promise<readonly FolderAccess[] | undefined> {
  const picked = sources.map(({ name, folder, after, archiveFolder, quarantineFolder }) => ({
    ...{ name, folder, after, archiveFolder, quarantineFolder },
  }));
  const words = [...process.execArgv, process.argv[1] ?? '', 'doctor'];
  try {
    const { stdout } = await run(process.execPath, words, {
      timeout: 20_000,
      env: { ...process.env, [probeVariable]: JSON.stringify({ account, sources: picked }) },
    });
    return z.array(folderAccess).parse(JSON.parse(stdout));
  } catch {
    return undefined;
  }
}

/** The other end of `tryFoldersAs`: gives up being root, for good, before it touches anything. */
export async function probeAccess(text: string): Promise<string> {
  const { account, sources } = request.parse(JSON.parse(text));
  process.setgroups?.(account.groups);
  process.setgid?.(account.gid);
  process.setuid?.(account.uid);
  return JSON.stringify(
    await tryFolders(
      sources.map(({ archiveFolder, quarantineFolder, ...source }) => ({
        ...source,
        ...(archiveFolder === undefined ? {} : { archiveFolder }),
        ...(quarantineFolder === undefined ? {} : { quarantineFolder }),
      })),
    ),
  );
}
