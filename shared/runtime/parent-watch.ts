import { readFileSync } from 'node:fs';

/**
 * A child that must not outlive its parent: killing `npm run` leaves its shell and node running, so children watch.
 * `onOrphaned` runs once when the parent process is gone, or the parent's own parent (npm behind its shell): an orphan
 * is adopted, so a parent id changes. The second step needs /proc; elsewhere only the parent is watched. `parentPid` tells
 * who the parent was: it may be gone before this process has read anything.
 */
export function watchParent(
  onOrphaned: () => void,
  options: { readonly intervalMs?: number; readonly parentPid?: number } = {},
): () => void {
  const parent = options.parentPid ?? process.ppid;
  const grandparent = parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && isAlive(parent) && parentOf(parent) === grandparent) return;
    clearInterval(timer);
    onOrphaned();
  }, options.intervalMs ?? 500);
  timer.unref();
  return () => clearInterval(timer);
}

/** Watches when the parent asks for it: VAGUEMESTRE_WATCH_PARENT holds its process id. */
export function watchAskingParent(onOrphaned: () => void): void {
  const asked = Number(process.env['VAGUEMESTRE_WATCH_PARENT'] ?? '');
  if (Number.isInteger(asked) && asked > 0) watchParent(onOrphaned, { parentPid: asked });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** proc(5): the fourth field of /proc/<pid>/stat, counted after the command's closing parenthesis. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
