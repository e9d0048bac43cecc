import { existsSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { AgentConfig, SourceConfig } from '../../config.ts';
import { tryFolders, type FolderAccess } from './access.ts';
import { failure, fine, warning, type Check, type DoctorFinding } from './finding.ts';
import { serviceAccount, tryFoldersAs } from './service-account.ts';

/** A file that has waited for longer is not being taken. */
const waitsMs = 15 * 60_000;

/** The rights on every source's folders, as the account that the service runs under, and what waits in them. */
export const sourcesCheck: Check = {
  name: 'sources',
  run: async ({ config, account, clock }) => {
    if (config === undefined) return [];
    const { tried, folders } = await tryAsService(config, account);
    return [
      tried,
      ...config.sources.flatMap((source, index) => {
        const found = folders[index];
        return found === undefined ? [] : findingsOf(source, found, clock.now());
      }),
    ];
  },
};

/** Root may do everything: what it can do says nothing of the service. */
async function tryAsService(
  { state, sources }: AgentConfig,
  asked: string | undefined,
): Promise<{ readonly tried: DoctorFinding; readonly folders: readonly FolderAccess[] }> {
  const self = userInfo();
  if (self.uid !== 0) {
    const owner = existsSync(state) ? statSync(state).uid : self.uid;
    const tried = owner === self.uid || self.uid < 0 ? fine : warning;
    return { tried: tried('rights-of', { account: self.username }), folders: await tryFolders(sources) };
  }
  const account = await serviceAccount(asked);
  const folders = account === undefined ? undefined : await tryFoldersAs(account, sources);
  if (account !== undefined && folders !== undefined)
    return { tried: fine('rights-of', { account: account.name }), folders };
  return {
    tried: warning('rights-of-root', { account: account?.name ?? asked ?? 'vaguemestre' }),
    folders: await tryFolders(sources),
  };
}

function findingsOf(source: SourceConfig, found: FolderAccess, now: number): readonly DoctorFinding[] {
  const { name, folder } = source;
  if (found.list !== null)
    return [failure(listCode(found.list), { source: name, folder, reason: found.list })];
  const { closed, closedReason, notWritable, oldestAt, files } = found;
  const troubles: DoctorFinding[] = [];
  if (closed > 0) {
    const code = isLock(closedReason) ? 'source-locked' : 'source-files-closed';
    troubles.push(failure(code, { source: name, files: closed, reason: closedReason ?? '' }));
  }
  if (notWritable !== null) troubles.push(failure('source-not-writable', { source: name, ...notWritable }));
  if (found.share && source.watch) troubles.push(warning('source-share', { source: name, folder }));
  if (source.after === 'archive' && oldestAt !== null && now - oldestAt > waitsMs + source.scanSeconds * 1000)
    troubles.push(
      warning('source-waits', { source: name, files, minutes: Math.round((now - oldestAt) / 60_000) }),
    );
  return troubles.length === 0 ? [fine('source-fine', { source: name, folder, files })] : troubles;
}

function listCode(reason: string): string {
  if (reason === 'EACCES' || reason === 'EPERM') return 'source-not-listed';
  return reason === 'ENOENT' || reason === 'ENOTDIR' ? 'source-missing' : 'source-share-gone';
}

/** Windows: sharing violation; elsewhere: a mandatory lock, or a scanner that holds the file. */
function isLock(reason: string | null): boolean {
  return reason === 'EBUSY' || reason === 'ETXTBSY' || reason === 'EAGAIN';
}
