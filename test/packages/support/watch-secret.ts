import { eventually } from '../../fault/live.ts';
import { textOf } from './processes.ts';
import type { Machine } from './machine.ts';

/**
 * Looks again and again at what every process of a machine was started with. The answered function ends the watching and
 * tells where the secret was seen; it first shows one process that has it, so that not to have seen any means something.
 */
export async function watchForSecret(machine: Machine, secret: string): Promise<() => Promise<string>> {
  await machine.run('mkdir -p /opt/watch && cat > /opt/watch/secret && : > /opt/watch/seen', {
    input: secret,
  });
  const watching = machine.start(`
    while [ ! -e /opt/watch/end ]; do
      grep -sFl -f /opt/watch/secret /proc/[0-9]*/cmdline /proc/[0-9]*/environ | while read -r file; do
        [ "$file" = /proc/self/cmdline ] || tr '\\0' ' ' < "$file" >> /opt/watch/seen 2>/dev/null
      done
    done`);
  const seen = (): string => textOf(machine.at('/opt/watch/seen')) ?? '';
  return async () => {
    const found = seen();
    const told = machine.start(`sh -c 'sleep 30; :' told ${secret}`);
    try {
      await eventually(
        'the watch sees a secret that is told',
        () => seen().length > found.length || undefined,
      );
    } finally {
      await machine.run('touch /opt/watch/end');
      told.kill('SIGKILL');
      await eventually('the watch ends', () => watching.exitCode !== null || undefined);
      await machine.run('rm -r /opt/watch');
    }
    return found;
  };
}
