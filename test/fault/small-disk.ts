import { execFileSync } from 'node:child_process';
import { closeSync, cpSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemTool } from '../support/system-tool.ts';

/**
 * A folder whose disk a test can fill: a real small file system over it where one may be mounted, else a limit on what the
 * process may write (prlimit), so that the case is never skipped.
 */
export interface SmallDisk {
  readonly real: boolean;
  /** Leaves about `leaveBytes`. */
  fill(leaveBytes: number, pid: number): void;
  makeRoom(pid: number): void;
  release(): void;
}

export function smallDisk(folder: string, bytes: number): SmallDisk {
  return process.env['VAGUEMESTRE_TEST_NO_MOUNT'] !== '1' && mountOver(folder, bytes)
    ? mounted(folder)
    : limited();
}

/** What the folder holds moves along. */
function mountOver(folder: string, bytes: number): boolean {
  const aside = mkdtempSync(join(tmpdir(), 'vaguemestre-aside-'));
  try {
    cpSync(folder, aside, { recursive: true, preserveTimestamps: true });
    execFileSync(systemTool('mount'), ['-t', 'tmpfs', '-o', `size=${bytes},mode=700`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
    cpSync(aside, folder, { recursive: true, preserveTimestamps: true });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

const block = Buffer.alloc(4096, 1);

function mounted(folder: string): SmallDisk {
  const ballast = join(folder, '.ballast');
  return {
    real: true,
    fill: (leaveBytes) => {
      const file = openSync(ballast, 'a');
      try {
        for (;;) {
          const { bavail, bsize } = statfsSync(folder);
          if (bavail * bsize <= leaveBytes) return;
          if (writeSync(file, block) < block.length) return;
        }
      } catch (error) {
        if ((error as { code?: string }).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
    },
    makeRoom: () => rmSync(ballast, { force: true }),
    release: () => {
      execFileSync(systemTool('umount'), ['-l', folder]);
    },
  };
}

/** Node ignores SIGXFSZ: a write past the limit fails, as one on a full disk does. Logs stay below it, databases do not. */
function limited(): SmallDisk {
  const limit = (pid: number, size: string): void => {
    execFileSync(systemTool('prlimit'), ['--pid', String(pid), `--fsize=${size}:`]);
  };
  return {
    real: false,
    fill: (_leaveBytes, pid) => limit(pid, '16384'),
    makeRoom: (pid) => limit(pid, 'unlimited'),
    release: () => undefined,
  };
}
