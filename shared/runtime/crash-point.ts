/**
 * Named places where a test may kill the process: VAGUEMESTRE_CRASH_AT=name, or name:count for the count-th passage.
 * Unset, a passage is one comparison.
 */
const [target, count] = (process.env['VAGUEMESTRE_CRASH_AT'] ?? '').split(':');
let passagesLeft = Math.max(1, Number(count ?? 1) || 1);

export function crashPoint(name: string): void {
  if (name !== target) return;
  passagesLeft -= 1;
  if (passagesLeft === 0) process.kill(process.pid, 'SIGKILL');
}
