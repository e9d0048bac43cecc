/**
 * A child that must not outlive its parent: killing `npm run` leaves node running, so children watch. `onOrphaned` runs
 * once when the parent process is gone (on Unix an orphan is adopted, so its parent id changes).
 */
export function watchParent(onOrphaned: () => void, options: { intervalMs?: number } = {}): () => void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent || !isAlive(parent)) {
      clearInterval(timer);
      onOrphaned();
    }
  }, options.intervalMs ?? 500);
  timer.unref();
  return () => clearInterval(timer);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
