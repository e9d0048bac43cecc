import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { transport } from '../../../receiver/config-transports.ts';
import type { Destination } from '../../../receiver/forward/destination.ts';
import { createRemoteDestination } from '../../../receiver/forward/transports/remote-destination.ts';
import { createSftpOpener, type SftpSettings } from '../../../receiver/forward/transports/sftp.ts';
import { smallDisk } from '../../fault/small-disk.ts';
import { startCutProxy, type CutProxy } from '../../support/peers/cut-proxy.ts';
import {
  sshdInstalled,
  sshdWithPassword,
  startSshd,
  type Sshd,
  type SshdOptions,
} from '../../support/peers/sshd.ts';
import { describeDestination, outgoing } from './destination-contract.ts';
import { contentsOf, describeRemote, fileOf, never, noise, plantIn, until } from './remote-cases.ts';

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
  readonly destinationWith: (settings: SftpSettings) => Destination;
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
  const destinationWith = (all: SftpSettings): Destination => {
    const made = createRemoteDestination({
      name: 'agency',
      opener: createSftpOpener('agency', all),
      readBack: all.readBack,
    });
    ends.push(() => made.close());
    return made;
  };
  return {
    ...{ server, proxy, folder, settings, destinationWith },
    destination: (change) => destinationWith(settings(change)),
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

  it('does not call delivered what is gone after the rename, unless the agency takes files away at once', async () => {
    const { destination, folder, proxy } = await openRig();
    const final = join(folder, 'a.xml');
    proxy.plan({
      beforeAnswer: () => {
        if (existsSync(final)) rmSync(final);
        return 'pass';
      },
    });
    const report = await destination().deliver(one, never);
    expect(report).toMatchObject({ delivered: 0, fault: { code: 'delivery-vanished', class: 'ambiguous' } });
    expect(await destination({ readBack: false }).deliver(one, never)).toEqual({
      delivered: 1,
      fault: undefined,
    });
    proxy.plan({});
    expect(await destination().deliver(one, never)).toEqual({ delivered: 1, fault: undefined });
  });

  it('says that a rename may have happened when its answer is lost, and finds it done', async () => {
    const { destination, folder, proxy } = await openRig();
    const final = join(folder, 'a.xml');
    proxy.plan({ beforeAnswer: () => (existsSync(final) ? 'cut' : 'pass') });
    expect(await destination().deliver(one, never)).toMatchObject({
      delivered: 0,
      fault: { code: 'delivery-unavailable', class: 'ambiguous' },
    });
    proxy.plan({});
    expect(await destination().deliver(one, never)).toEqual({ delivered: 1, fault: undefined });
    expect(readdirSync(folder)).toEqual(['a.xml']);
  });

  it('says that the server has no room, and goes on from there once it has', async (context) => {
    const { destination, folder } = await openRig();
    const disk = smallDisk(folder, 4 * 1024 * 1024);
    ends.push(() => {
      disk.release();
    });
    if (!disk.real) {
      process.stderr.write('NOT TRIED: without the right to mount, a full disk over SFTP is not tried\n');
      context.skip();
    }
    disk.fill(500_000, process.pid);
    const file = fileOf('a.bin', noise(1_000_000));
    expect(await destination().deliver([file], never)).toMatchObject({
      delivered: 0,
      fault: { code: 'delivery-disk-full', class: 'transient' },
    });
    disk.makeRoom(process.pid);
    expect(await destination().deliver([file], never)).toEqual({ delivered: 1, fault: undefined });
    expect(readdirSync(folder)).toEqual(['a.bin']);
  });

  it('ends a connection that is not used any more', async () => {
    const { proxy, settings } = await openRig();
    const opener = createSftpOpener('agency', settings());
    const made = createRemoteDestination({ name: 'agency', opener, idleMs: 1 });
    ends.push(() => made.close());
    await made.deliver(one, never);
    await until(() => proxy.ends() === 0);
    expect(await made.deliver([outgoing('b.xml', 'two')], never)).toMatchObject({ delivered: 1 });
    expect(proxy.seen.connections).toBe(2);
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

describe.skipIf(!sshdWithPassword())('SFTP by password', () => {
  for (const password of ['password', 'keyboard'] as const) {
    it(`logs in, the password asked for by ${password}`, async () => {
      const { destination, destinationWith, server, settings } = await openRig({ password });
      const { keyFile, ...rest } = settings({ passwordFile: server.passwordFile });
      expect(await destinationWith(rest).deliver(one, never)).toEqual({ delivered: 1, fault: undefined });
      // A key that is refused does not end it.
      const both = destination({ passwordFile: server.passwordFile });
      expect(keyFile).toBeDefined();
      expect(await both.deliver(one, never)).toEqual({ delivered: 1, fault: undefined });
    });

    it(`waits for a person when the password is wrong, asked for by ${password}`, async () => {
      const { destination, server } = await openRig({ password });
      writeFileSync(server.passwordFile, 'not this one');
      const report = await destination({ passwordFile: server.passwordFile }).deliver(one, never);
      expect(report.fault).toMatchObject({ code: 'peer-login-refused', class: 'permanent' });
      expect(JSON.stringify(report.fault)).not.toContain('not this one');
    });
  }
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
