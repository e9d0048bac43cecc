import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { transport } from '../../../receiver/config-transports.ts';
import type { Destination } from '../../../receiver/forward/destination.ts';
import { createRemoteDestination } from '../../../receiver/forward/transports/remote-destination.ts';
import { createSftpOpener, type SftpSettings } from '../../../receiver/forward/transports/sftp.ts';
import { startCutProxy, type CutProxy } from '../../support/peers/cut-proxy.ts';
import { sshdInstalled, startSshd, type Sshd, type SshdOptions } from '../../support/peers/sshd.ts';
import { describeDestination, outgoing } from './destination-contract.ts';
import { contentsOf, describeRemote, fileOf, never, noise, plantIn } from './remote-cases.ts';

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Rig {
  readonly server: Sshd;
  readonly proxy: CutProxy;
  readonly folder: string;
  readonly settings: (change?: Partial<SftpSettings>) => SftpSettings;
  readonly destination: (change?: Partial<SftpSettings>) => Destination;
}

async function openRig(options: Partial<SshdOptions> = {}): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'vaguemestre-sftp-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const server = await startSshd({ root: folder, ...options });
  ends.push(() => server.release());
  const proxy = await startCutProxy({ port: server.port });
  ends.push(() => proxy.close());
  const settings: Rig['settings'] = (change = {}) => ({
    ...{ kind: 'sftp', host: 'localhost', port: proxy.port, user: server.user, folder: '.' },
    ...{ hostKeys: [...server.hostKeys], keyFile: server.keyFile, timeoutSeconds: 3, readBack: true },
    ...change,
  });
  return {
    ...{ server, proxy, folder, settings },
    destination: (change) => {
      const made = createRemoteDestination({
        name: 'agency',
        opener: createSftpOpener('agency', settings(change)),
      });
      ends.push(() => made.close());
      return made;
    },
  };
}

const one = [outgoing('a.xml', 'one')];

describe.skipIf(!sshdInstalled())('SFTP', () => {
  describeDestination('a real OpenSSH server', async () => {
    const { destination, folder, server, proxy } = await openRig();
    return {
      destination: destination(),
      received: () => contentsOf(folder),
      plant: plantIn(folder),
      cut: async () => {
        await server.stop();
        proxy.cut();
      },
      restore: async () => {
        const again = await startSshd({ root: folder, again: server });
        ends.push(() => again.stop());
      },
    };
  });

  describeRemote('SFTP', async () => {
    const { destination, folder, proxy } = await openRig();
    return {
      ...{ destination: destination(), another: destination, folder, plant: plantIn(folder) },
      planFiles: (plan) => {
        proxy.plan(plan);
      },
      sent: () => proxy.seen.toServer,
      cutAll: () => proxy.cut(),
    };
  });

  it('says nothing to a server with another host key', async () => {
    const { destination, folder, server } = await openRig();
    const report = await destination({ hostKeys: [`SHA256:${'A'.repeat(43)}`] }).deliver(one, never);
    expect(report).toMatchObject({
      delivered: 0,
      fault: { code: 'peer-identity-refused', class: 'permanent', facts: { reason: server.hostKeys[0] } },
    });
    expect(report.blame).toBeUndefined();
    expect(server.log()).not.toContain('Accepted');
    expect(server.log()).not.toContain(`user ${server.user}`);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('asks a server with keys of several types for the one that is known', async () => {
    const { destination, server, proxy } = await openRig({ hostKeyTypes: ['ed25519', 'ecdsa', 'rsa'] });
    for (const known of server.hostKeys)
      expect(await destination({ hostKeys: [known] }).deliver(one, never)).toMatchObject({ delivered: 1 });
    const before = proxy.seen.connections;
    const last = destination({ hostKeys: server.hostKeys.slice(2) });
    await last.deliver(one, never);
    await last.close();
    await last.deliver(one, never);
    // Three types tried, then the one that fitted.
    expect(proxy.seen.connections - before).toBe(4);
  });

  it('takes either of two keys while the server changes', async () => {
    const { destination, server } = await openRig();
    const hostKeys = [`SHA256:${'A'.repeat(43)}=`, ...server.hostKeys];
    expect(await destination({ hostKeys }).deliver(one, never)).toMatchObject({ delivered: 1 });
  });

  it('waits for a person when the login is refused', async () => {
    const { destination } = await openRig();
    const stranger = await openRig();
    expect(await destination({ keyFile: stranger.server.keyFile }).deliver(one, never)).toMatchObject({
      delivered: 0,
      fault: { code: 'peer-login-refused', class: 'permanent' },
    });
  });

  it('waits for a person when the folder is missing, and names the step in a test', async () => {
    const { destination } = await openRig();
    const missing = destination({ folder: 'nowhere' });
    expect(await missing.deliver(one, never)).toMatchObject({
      fault: { code: 'peer-folder-refused', class: 'permanent' },
    });
    const steps = await missing.probe(never);
    expect(steps.at(-1)).toMatchObject({ step: 'login', fault: { code: 'peer-folder-refused' } });
  });

  it('waits for a person when names may not be changed, then sends nothing again', async () => {
    const { server, folder, destination, proxy } = await openRig({
      refused: ['rename', 'posix-rename', 'hardlink'],
    });
    const file = fileOf('a.bin', noise(1_000_000));
    const waiting = destination();
    expect(await waiting.deliver([file], never)).toMatchObject({
      fault: { code: 'peer-folder-refused', class: 'permanent', facts: { reason: 'sftp-rename-3' } },
    });
    await server.stop();
    await startSshd({ root: folder, again: server }).then((again) => ends.push(() => again.stop()));
    const before = proxy.seen.toServer;
    expect(await waiting.deliver([file], never)).toEqual({ delivered: 1, fault: undefined });
    expect(proxy.seen.toServer - before).toBeLessThan(100_000);
  });

  it('reads its secrets before it connects, and says which cannot be read', async () => {
    const { destination, folder, proxy } = await openRig();
    const noKey = join(folder, 'no-key');
    await expect(destination({ keyFile: noKey }).open()).rejects.toMatchObject({
      code: 'peer-secret-unreadable',
      facts: { file: noKey, reason: 'ENOENT' },
    });
    expect(proxy.seen.connections).toBe(0);
    writeFileSync(noKey, 'not a key\n', { mode: 0o600 });
    const report = await destination({ keyFile: noKey }).deliver(one, never);
    expect(report.fault).toMatchObject({ code: 'peer-secret-unreadable', facts: { reason: 'format' } });
  });

  it('says in a test what the server showed, and when others may read a secret', async () => {
    const { destination, server } = await openRig();
    const steps = await destination().probe(never);
    expect(steps.find(({ step }) => step === 'identity')?.found).toBe(server.hostKeys[0]);
    expect(steps.find(({ step }) => step === 'login')?.found).toBe(server.user);
  });

  it('does not write through a link somebody put in its way', async () => {
    const { destination, folder } = await openRig();
    const outside = join(folder, 'outside');
    mkdirSync(join(folder, 'in'));
    symlinkSync(outside, join(folder, 'in', 'a.xml'));
    expect(await destination({ folder: join(folder, 'in') }).deliver(one, never)).toMatchObject({
      fault: { code: 'delivery-name-taken' },
      blame: 'file',
    });
    expect(readdirSync(folder)).toEqual(['in']);
  });
});

describe('settings of SFTP', () => {
  const base = { kind: 'sftp', host: 'h', user: 'u', hostKeys: [`SHA256:${'A'.repeat(43)}`] };
  it('need a key or a password, and no passphrase without a key', () => {
    expect(transport.safeParse(base).success).toBe(false);
    expect(transport.safeParse({ ...base, passwordFile: 'p', passphraseFile: 'q' }).success).toBe(false);
    expect(transport.safeParse({ ...base, passwordFile: 'p' }).success).toBe(true);
    expect(transport.safeParse({ ...base, passwordFile: 'p', keyFile: 'k' }).success).toBe(true);
  });
});
