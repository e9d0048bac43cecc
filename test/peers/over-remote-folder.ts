import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ftpUid, pureFtpdInstalled, startFtpProxy, startPureFtpd } from '../support/peers/pure-ftpd.ts';
import { sshdInstalled, startSshd } from '../support/peers/sshd.ts';
import type { Agency, FaultName } from './agency.ts';
import { faultsBeforeAnswers, faultsOnTheLine, type Line } from './on-the-line.ts';
import { fullDisk, inFolder } from './over-directory.ts';
import { lineTo } from './over-https.ts';

/** A real OpenSSH server. */
export async function overSftp(): Promise<Agency | undefined> {
  if (!sshdInstalled()) return undefined;
  const base = mkdtempSync(join(tmpdir(), 'vaguemestre-sftp-'));
  const root = join(base, 'in');
  mkdirSync(root);
  let server = await startSshd({ root });
  const stranger = await startSshd({ root });
  const strangerKey = stranger.keyFile;
  const line = await lineTo(server.port);
  const leftOut = new Map<FaultName, string>();
  return {
    ...inFolder(root),
    leftOut,
    transport: () => ({
      ...{ kind: 'sftp', host: '127.0.0.1', port: line.port, user: server.user, keyFile: server.keyFile },
      ...{ hostKeys: [...server.hostKeys], timeoutSeconds: 10 },
    }),
    faults: {
      ...faultsOnTheLine(line),
      ...faultsBeforeAnswers(line, root, { writesAside: true }),
      'disk-full': async () => ({
        ...(await fullDisk(root, leftOut, async () => undefined)),
        // SFTP version 3 has no word for a full disk: the server says "failure".
        codes: ['delivery-disk-full', 'delivery-unavailable'],
      }),
      'wrong-identity': async () => ({
        ...{ shows: 'person', codes: ['peer-identity-refused'], lift: async () => undefined },
        transport: { hostKeys: [...stranger.hostKeys] },
      }),
      'wrong-credentials': async () => ({
        ...{ shows: 'person', codes: ['peer-login-refused'], lift: async () => undefined },
        transport: { keyFile: strangerKey },
      }),
      'rename-refused': async () => {
        await server.stop();
        server = await startSshd({ root, again: server, refused: ['rename', 'posix-rename', 'hardlink'] });
        return {
          ...{ shows: 'person', codes: ['peer-folder-refused'] },
          lift: async () => {
            await server.stop();
            server = await startSshd({ root, again: server });
          },
        };
      },
    },
    close: async () => {
      await line.close();
      await stranger.release();
      await server.release();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

/** A real pure-ftpd that refuses anything but TLS, with a relay before each of its ports. */
export async function overFtps(): Promise<Agency | undefined> {
  if (!pureFtpdInstalled()) return undefined;
  const base = mkdtempSync(join(tmpdir(), 'vaguemestre-ftps-'));
  const root = join(base, 'in');
  mkdirSync(root);
  let server = await startPureFtpd({ root });
  let relays: Awaited<ReturnType<typeof startFtpProxy>> | undefined = await startFtpProxy(server);
  const wrongPasswordFile = join(base, 'wrong-password');
  writeFileSync(wrongPasswordFile, 'pas celui-là\n', { mode: 0o600 });
  const line: Line = {
    plan: (next) => relays?.planControl(next),
    planFiles: (next) => relays?.planData(next),
    down: async () => {
      await relays?.close();
      relays = undefined;
    },
    up: async () => {
      relays ??= await startFtpProxy(server);
    },
  };
  const leftOut = new Map<FaultName, string>();
  const again = async (options: Partial<Parameters<typeof startPureFtpd>[0]>): Promise<void> => {
    await server.stop();
    server = await startPureFtpd({ root, again: server, ...options });
  };
  return {
    ...inFolder(root),
    leftOut,
    transport: () => ({
      ...{ kind: 'ftps', host: '127.0.0.2', port: server.port, user: server.user },
      ...{ passwordFile: server.passwordFile, authorityFile: server.authorityFile, timeoutSeconds: 10 },
    }),
    faults: {
      ...faultsOnTheLine(line),
      ...faultsBeforeAnswers(line, root, { writesAside: true }),
      'disk-full': async () => ({
        ...(await fullDisk(root, leftOut, async () => chownSync(root, ftpUid, ftpUid))),
        // It says that a write failed, not why.
        codes: ['delivery-disk-full', 'delivery-unavailable'],
      }),
      'wrong-identity': async () => {
        await again({ certificate: 'expired' });
        return {
          ...{ shows: 'person', codes: ['peer-identity-refused'] },
          lift: () => again({ certificate: 'good' }),
        };
      },
      'wrong-credentials': async () => ({
        ...{ shows: 'person', codes: ['peer-login-refused'], lift: async () => undefined },
        transport: { passwordFile: wrongPasswordFile },
      }),
      'rename-refused': async () => {
        await again({ refuseRename: true });
        return { shows: 'person', codes: ['peer-folder-refused'], lift: () => again({}) };
      },
    },
    close: async () => {
      await relays?.close();
      await server.release();
      rmSync(base, { recursive: true, force: true });
    },
  };
}
