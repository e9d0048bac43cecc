import { hash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ServerHostKeyAlgorithm, SFTPWrapper } from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { Fault, systemCode } from '../../../shared/runtime/errors.ts';
import type { TransportOf } from '../../config-transports.ts';
import type { ConnectSteps, RemoteFolder, RemoteOpener } from './remote-folder.ts';
import { openToOthers, readSecret, unusable } from './remote-secret.ts';
import { connectTo, peerRefuses, resolveHost, unavailable, within, type Wait } from './remote-wait.ts';
import { createSftpFolder } from './sftp-folder.ts';

export type SftpSettings = TransportOf<'sftp'>;

/**
 * A folder behind an SSH server whose host key is known beforehand: nothing of ours is said before the server has proved
 * one of `hostKeys`.
 */
export function createSftpOpener(destination: string, settings: SftpSettings): RemoteOpener {
  let agreed: readonly ServerHostKeyAlgorithm[] | undefined;
  return {
    check: async () => {
      await readLogin(destination, settings);
    },
    open: async (signal, passed) => {
      const login = await readLogin(destination, settings);
      const attempt = { destination, settings, login, signal, passed: once(passed) };
      const refused: string[] = [];
      // A server with keys of several types shows one: the type is asked for until one shown is known.
      const families = agreed === undefined ? keyFamilies : [agreed];
      for (const family of families) {
        const tried = await connect(attempt, family);
        if (tried.kind === 'open') {
          agreed = family;
          return tried.folder;
        }
        if (tried.kind === 'other-key') refused.push(tried.shown);
      }
      agreed = undefined;
      throw peerRefuses.identity(destination, [...new Set(refused)].join(' ') || 'no-common-key-type');
    },
  };
}

/** By type: one the server does not have leads to the next. */
const keyFamilies: readonly (readonly ServerHostKeyAlgorithm[])[] = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256'],
];

interface Login {
  readonly username: string;
  readonly privateKey?: string;
  readonly passphrase?: string;
  readonly password?: string;
}

async function readLogin(destination: string, settings: SftpSettings): Promise<Login> {
  const { user: username, keyFile, passphraseFile, passwordFile } = settings;
  const read = (file: string): Promise<string> => readSecret(destination, file);
  return {
    username,
    ...(keyFile === undefined ? {} : { privateKey: await read(keyFile) }),
    ...(passphraseFile === undefined ? {} : { passphrase: await read(passphraseFile) }),
    ...(passwordFile === undefined ? {} : { password: await read(passwordFile) }),
  };
}

interface Attempt {
  readonly destination: string;
  readonly settings: SftpSettings;
  readonly login: Login;
  readonly signal: AbortSignal;
  readonly passed: ConnectSteps;
}

type Tried =
  | { readonly kind: 'open'; readonly folder: RemoteFolder }
  | { readonly kind: 'other-key'; readonly shown: string }
  | { readonly kind: 'other-type' };

async function connect(attempt: Attempt, family: readonly ServerHostKeyAlgorithm[]): Promise<Tried> {
  const { destination, settings, signal, passed } = attempt;
  const wait = { destination, ms: settings.timeoutSeconds * 1000, signal };
  const address = await resolveHost(settings.host, wait);
  passed('resolve', address);
  const socket = await connectTo(address, settings.port, wait);
  passed('connect', `${address}:${settings.port}`);
  const tried = await handshake(attempt, socket, family, wait);
  if (tried.kind !== 'open') {
    socket.destroy();
    return tried;
  }
  try {
    await within({ ...wait, giveUp: () => socket.destroy() }, tried.folder.ping());
    const { keyFile, passphraseFile, passwordFile } = settings;
    passed('login', (await openToOthers([keyFile, passphraseFile, passwordFile])) ?? settings.user);
    return tried;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Key exchange, host key, login, and the SFTP subsystem. */
async function handshake(
  { destination, settings, login, passed }: Attempt,
  socket: Socket,
  family: readonly ServerHostKeyAlgorithm[],
  wait: Omit<Wait, 'giveUp'>,
): Promise<Tried> {
  const seen: { key: string | undefined; isKnown: boolean; problem: unknown } = {
    ...{ key: undefined, isKnown: false, problem: undefined },
  };
  const known = new Set(settings.hostKeys.map((text) => text.replace(/=+$/, '')));
  const silent = (): void => undefined;
  const client = new SftpClient(destination, { error: silent, end: silent, close: silent });
  // The library's own account of an error leaves out at which step it was.
  client.on('error', (error: unknown) => {
    seen.problem ??= error;
  });
  client.on('keyboard-interactive', answerWith(login.password ?? ''));
  const { password, privateKey } = login;
  const work = client.connect({
    ...login,
    sock: socket,
    readyTimeout: 0,
    algorithms: { serverHostKey: [...family] },
    tryKeyboard: password !== undefined,
    authHandler: [
      ...(privateKey === undefined ? [] : (['publickey'] as const)),
      ...(password === undefined ? [] : (['password', 'keyboard-interactive'] as const)),
    ],
    hostVerifier: (key: Buffer) => {
      seen.key = `SHA256:${hash('sha256', key, 'base64').replace(/=+$/, '')}`;
      seen.isKnown = known.has(seen.key);
      if (seen.isKnown) passed('identity', seen.key);
      return seen.isKnown;
    },
  });
  try {
    const sftp: SFTPWrapper = await within({ ...wait, giveUp: () => socket.destroy() }, work);
    return { kind: 'open', folder: createSftpFolder({ ...wait, folder: settings.folder, sftp, socket }) };
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (seen.key !== undefined && !seen.isKnown) return { kind: 'other-key', shown: seen.key };
    const cause = seen.problem ?? error;
    if (/no matching host key/i.test(textOf(cause))) return { kind: 'other-type' };
    throw describe(destination, settings, cause);
  }
}

function describe(destination: string, { keyFile }: SftpSettings, error: unknown): Error {
  if (levelOf(error) === 'client-authentication') return peerRefuses.login(destination, 'ssh', error);
  if (keyFile !== undefined && /privateKey|passphrase/i.test(textOf(error)))
    return unusable(destination, keyFile, 'format', error);
  if (/subsystem|SFTP session/i.test(textOf(error))) return peerRefuses.folder(destination, 'sftp', error);
  return unavailable(destination, systemCode(error) ?? 'handshake', { cause: error });
}

/** Servers that ask by keyboard ask for the password under another name. */
function answerWith(password: string) {
  return (
    _name: unknown,
    _instructions: unknown,
    _language: unknown,
    prompts: readonly { readonly echo?: boolean }[],
    finish: (answers: readonly string[]) => void,
  ): void => finish(prompts.map(({ echo }) => (echo === true ? '' : password)));
}

function levelOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'level' in error ? error.level : undefined;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

/** Each step is told once, however many times it is taken. */
function once(steps: ConnectSteps | undefined): ConnectSteps {
  const told = new Set<string>();
  return (step, found) => {
    if (told.has(step)) return;
    told.add(step);
    steps?.(step, found);
  };
}
