import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Destination } from '../../../receiver/forward/destination.ts';
import { createFtpsOpener, type FtpsSettings } from '../../../receiver/forward/transports/ftps.ts';
import { createRemoteDestination } from '../../../receiver/forward/transports/remote-destination.ts';
import {
  ftpUid,
  pureFtpdInstalled,
  startFtpProxy,
  startPureFtpd,
  type FtpProxy,
  type PureFtpd,
  type PureFtpdOptions,
} from '../../support/peers/pure-ftpd.ts';
import { describeDestination, outgoing } from './destination-contract.ts';
import { contentsOf, describeRemote, fileOf, never, noise, plantIn } from './remote-cases.ts';

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Rig {
  readonly server: PureFtpd;
  readonly proxy: FtpProxy;
  readonly folder: string;
  readonly plant: (name: string, content: string | Buffer) => Promise<void>;
  readonly destination: (change?: Partial<FtpsSettings>) => Destination;
}

async function openRig(options: Partial<PureFtpdOptions> = {}): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'vaguemestre-ftps-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const server = await startPureFtpd({ root: folder, ...options });
  ends.push(() => server.release());
  const proxy = await startFtpProxy(server);
  ends.push(() => proxy.close());
  return {
    ...{ server, proxy, folder },
    plant: async (name, content) => {
      await plantIn(folder)(name, content);
      chownSync(join(folder, name), ftpUid, ftpUid);
    },
    destination: (change = {}) => {
      const made = createRemoteDestination({
        name: 'agency',
        opener: createFtpsOpener('agency', {
          ...{ kind: 'ftps', host: proxy.host, port: proxy.port, user: server.user, folder: '.' },
          ...{ passwordFile: server.passwordFile, authorityFile: server.authorityFile },
          ...{ timeoutSeconds: 3, readBack: true },
          ...change,
        }),
      });
      ends.push(() => made.close());
      return made;
    },
  };
}

const one = [outgoing('a.xml', 'one')];

describe.skipIf(!pureFtpdInstalled())('FTPS', () => {
  describeDestination('a real pure-ftpd', async () => {
    const { destination, folder, server, proxy, plant } = await openRig();
    return {
      ...{ destination: destination(), plant },
      received: () => contentsOf(folder),
      cut: async () => {
        await server.stop();
        proxy.cut();
      },
      restore: async () => {
        const again = await startPureFtpd({ root: folder, again: server });
        ends.push(() => again.stop());
      },
    };
  });

  describeRemote('FTPS', async () => {
    const { destination, folder, proxy, plant } = await openRig();
    return {
      ...{ destination: destination(), another: destination, folder, plant },
      planFiles: (plan) => {
        proxy.planData(plan);
      },
      sent: () => proxy.sent(),
      cutAll: () => proxy.cut(),
    };
  });

  it('says nothing to a server whose certificate has expired, has another name, or another authority', async () => {
    for (const certificate of ['expired', 'other-name'] as const) {
      const { destination, folder, server } = await openRig({ certificate });
      expect(await destination().deliver(one, never)).toMatchObject({
        delivered: 0,
        fault: {
          ...{ code: 'peer-identity-refused', class: 'permanent' },
          facts: {
            reason: certificate === 'expired' ? 'CERT_HAS_EXPIRED' : 'ERR_TLS_CERT_ALTNAME_INVALID',
          },
        },
      });
      expect(server.log()).not.toContain(server.user);
      expect(readdirSync(folder)).toEqual([]);
    }
    const { destination } = await openRig();
    const stranger = await openRig();
    const report = await destination({ authorityFile: stranger.server.authorityFile }).deliver(one, never);
    expect(report.fault?.code).toBe('peer-identity-refused');
  });

  it('takes the name the certificate must carry from the settings', async () => {
    const { destination } = await openRig({ certificate: 'other-name' });
    expect(await destination({ serverName: 'elsewhere.example' }).deliver(one, never)).toMatchObject({
      delivered: 1,
    });
  });

  it('says nothing to a server that has no TLS', async () => {
    const { destination, server } = await openRig({ args: ['-Y', '0'] });
    expect(await destination().deliver(one, never)).toMatchObject({
      fault: { code: 'peer-identity-refused' },
    });
    expect(server.log()).not.toContain(server.user);
  });

  it('waits for a person when the login is refused', async () => {
    const { destination, folder } = await openRig();
    const passwordFile = join(folder, '..', `wrong-${Date.now()}`);
    writeFileSync(passwordFile, 'wrong\n', { mode: 0o600 });
    ends.push(() => rmSync(passwordFile));
    expect(await destination({ passwordFile, timeoutSeconds: 30 }).deliver(one, never)).toMatchObject({
      delivered: 0,
      fault: { code: 'peer-login-refused', class: 'permanent' },
    });
  });

  it('waits for a person when the folder is missing', async () => {
    const { destination } = await openRig();
    expect(await destination({ folder: 'nowhere' }).deliver(one, never)).toMatchObject({
      fault: { code: 'peer-folder-refused', class: 'permanent' },
    });
  });

  it('waits for a person when names may not be changed, then sends nothing again', async () => {
    const { server, folder, destination, proxy } = await openRig({ refuseRename: true });
    const file = fileOf('a.bin', noise(1_000_000));
    const waiting = destination();
    expect(await waiting.deliver([file], never)).toMatchObject({
      fault: { code: 'peer-folder-refused', class: 'permanent' },
    });
    await server.stop();
    const again = await startPureFtpd({ root: folder, again: server });
    ends.push(() => again.stop());
    const before = proxy.sent();
    expect(await waiting.deliver([file], never)).toEqual({ delivered: 1, fault: undefined });
    expect(proxy.sent() - before).toBeLessThan(50_000);
  });

  it('says that a rename may have happened when its answer is lost, and finds it done', async () => {
    const { destination, folder, proxy } = await openRig();
    const final = join(folder, 'a.xml');
    proxy.planControl({ beforeAnswer: () => (existsSync(final) ? 'cut' : 'pass') });
    expect(await destination().deliver(one, never)).toMatchObject({
      delivered: 0,
      fault: { code: 'delivery-unavailable', class: 'ambiguous' },
    });
    proxy.planControl({});
    expect(await destination().deliver(one, never)).toEqual({ delivered: 1, fault: undefined });
    expect(readdirSync(folder)).toEqual(['a.xml']);
  });

  it('resumes the session of the commands for the files: the certificate travels once', async () => {
    const { destination, proxy } = await openRig({ highestTls: '1.2' });
    const link = destination();
    const said = (): number => proxy.data.reduce((sum, { seen }) => sum + seen.toClient, 0);
    const connections = (): number => proxy.data.reduce((sum, { seen }) => sum + seen.connections, 0);
    await link.deliver([outgoing('a.xml', 'one'), outgoing('b.xml', 'two')], never);
    // A handshake with the certificate is more than a thousand bytes.
    expect(connections()).toBeGreaterThan(1);
    expect(said() / connections()).toBeLessThan(900);
  });

  it('says in a test the day the certificate ends, and when others may read a secret', async () => {
    const { destination, server } = await openRig();
    rmSync(server.passwordFile);
    writeFileSync(server.passwordFile, 'Passe-partout 42\n', { mode: 0o644 });
    const steps = await destination().probe(never);
    expect(steps.find(({ step }) => step === 'identity')?.found).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(steps.find(({ step }) => step === 'login')?.found).toContain('mode 644');
  });
});
