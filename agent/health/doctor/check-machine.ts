import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { createDiskGuard } from '../disk-guard.ts';
import { stateHolder } from '../state-lock.ts';
import { failure, fine, warning, type Check, type DoctorFinding } from './finding.ts';

const megabyte = 1024 * 1024;
/** What the agent needs with one large export, and some air. */
const memoryBytes = 300 * megabyte;

/** Rights of the state folder and of the keys in it. Windows keeps them elsewhere: its installer sets them. */
export const stateCheck: Check = {
  name: 'state',
  run: async ({ config }) => {
    if (config === undefined) return [];
    const { state } = config;
    if (!existsSync(state)) return [warning('state-missing', { folder: state })];
    if (process.platform === 'win32') return [fine('state-fine', { folder: state })];
    const found: DoctorFinding[] = [];
    const folder = await stat(state);
    if ((folder.mode & 0o077) !== 0)
      found.push(failure('state-open', { folder: state, mode: (folder.mode & 0o777).toString(8) }));
    const identity = join(state, 'identity');
    for (const name of await readdir(identity).catch((): string[] => [])) {
      const { mode, uid } = await stat(join(identity, name));
      const file = join(identity, name);
      if ((mode & 0o077) !== 0) found.push(failure('key-open', { file, mode: (mode & 0o777).toString(8) }));
      if (uid !== folder.uid) found.push(failure('key-owner', { file, owner: uid, folderOwner: folder.uid }));
    }
    return found.length === 0 ? [fine('state-fine', { folder: state })] : found;
  },
};

export const runningCheck: Check = {
  name: 'running',
  run: async ({ config, identity }) => {
    if (config === undefined || !existsSync(config.state)) return [];
    const holder = stateHolder(config.state);
    if (holder === undefined) return identity === undefined ? [] : [warning('agent-stopped')];
    if (holder === 'unknown') return [fine('agent-runs', { pid: '?', since: '?' })];
    return [fine('agent-runs', { pid: holder.pid, since: new Date(holder.since).toISOString() })];
  },
};

export const roomCheck: Check = {
  name: 'room',
  run: async ({ config }) => {
    if (config === undefined) return [];
    const folder = existsSync(config.state) ? config.state : '.';
    const guard = createDiskGuard({ folder, floorBytes: config.limits.freeDiskBytes });
    const [low, free] = [await guard.check(), await guard.freeBytes()];
    const mb = Math.round((free ?? 0) / megabyte);
    const disk = low === null ? fine('disk-fine', { mb }) : failure(low);
    const memory = Math.round(freemem() / megabyte);
    return [
      disk,
      totalmem() < memoryBytes * 2 || freemem() < memoryBytes
        ? warning('memory-low', { mb: memory })
        : fine('memory-fine', { mb: memory }),
    ];
  },
};
