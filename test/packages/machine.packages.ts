import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootMachine, type Machine } from './support/machine.ts';
import { canTry, machineTools } from './support/need.ts';

const tried = canTry(machineTools, 'no package is installed on a booted machine');

/** The ground that the other tests stand on. */
describe.runIf(tried)('a machine of the tests', () => {
  const machines: Machine[] = [];
  const boot = async (...words: Parameters<typeof bootMachine>): Promise<Machine> => {
    const machine = await bootMachine(...words);
    machines.push(machine);
    return machine;
  };
  let first: Machine;
  let second: Machine;

  beforeAll(async () => {
    first = await boot('region');
    second = await boot('hospital', { beside: first });
  });
  afterAll(async () => {
    for (const machine of machines.reverse()) await machine.stop();
  });

  it('is booted, under a name and with processes of its own', async () => {
    expect(await second.run('cat /proc/sys/kernel/hostname')).toBe('hospital\n');
    expect(await second.run('cat /proc/1/comm')).toBe('systemd\n');
    expect(await second.run('systemctl --failed --no-legend')).toBe('');
  });

  it('reaches what listens beside it, and nothing else', async () => {
    const page = first.start('openssl s_server -accept 127.0.0.1:4433 -nocert -www');
    try {
      const ask = 'exec 3<>/dev/tcp/127.0.0.1/4433';
      await second.run(
        `for n in $(seq 100); do bash -c '${ask}' 2>/dev/null && exit 0; sleep 0.1; done; exit 1`,
      );
      expect((await second.run('tail -n +2 /proc/net/route')).trim()).toBe('');
    } finally {
      page.kill('SIGKILL');
    }
  });

  it('keeps services apart from those of the machine beside it', async () => {
    for (const machine of [first, second]) await machine.run('systemctl restart systemd-journald');
    expect(await first.run('systemctl is-system-running')).toBe('running\n');
    const unit = '[Service]\nType=oneshot\nExecStart=/bin/echo heard here\n';
    await second.write('/etc/systemd/system/said.service', unit);
    await second.run('systemctl daemon-reload && systemctl start said.service');
    expect(await second.journal('said.service')).toContain('heard here');
    expect(await first.journal('said.service')).not.toContain('heard here');
  });

  it('is gone when it is stopped', async () => {
    const third = await boot('gone', { beside: first });
    await third.run('touch /opt/mark');
    const mark = third.at('/opt/mark');
    expect(existsSync(mark)).toBe(true);
    await third.stop();
    expect(existsSync(third.at('/'))).toBe(false);
  });
});
