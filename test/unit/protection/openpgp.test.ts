import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as openpgp from 'openpgp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DestinationConfig } from '../../../receiver/config-destinations.ts';
import { inspectKey } from '../../../receiver/forward/protection/inspect-key.ts';
import {
  clockAt,
  codeOf,
  createFolder,
  dayMs,
  madeAt,
  opened,
  openPgpKeys,
  printed,
  sealedFor,
  type OpenPgpKeys,
} from './agency.ts';

const folder = createFolder();
const content = Buffer.from(`<PASSAGES>\n${'<PATIENT>é</PATIENT>\n'.repeat(300)}</PASSAGES>\n`);
const passphrase = 'une phrase, en français';
let agency: OpenPgpKeys;
let region: OpenPgpKeys;

beforeAll(async () => {
  [agency, region] = await Promise.all([openPgpKeys(), openPgpKeys()]);
});
afterAll(() => folder.remove());

const keyFile = (text: string | Uint8Array): string => folder.file('agency.asc', text);
const settings = (more: object = {}, key = agency): DestinationConfig =>
  sealedFor({
    ...{ kind: 'openpgp', keyFile: keyFile(key.armored), fingerprint: key.fingerprint, ...more },
  });

interface Opened {
  readonly content: Buffer;
  readonly filename: string;
  /** Undefined: nobody signed it. */
  readonly verified: boolean | undefined;
}

/** What of the library's answer is looked at. */
interface Decrypted {
  readonly data: unknown;
  readonly filename: string;
  readonly signatures: readonly { readonly verified: Promise<boolean> }[];
}

async function read(
  bytes: Buffer,
  { privateKey } = agency,
  verificationKeys?: openpgp.PublicKey,
): Promise<Opened> {
  const message = await (bytes.subarray(0, 5).toString() === '-----'
    ? openpgp.readMessage({ armoredMessage: bytes.toString() })
    : openpgp.readMessage({ binaryMessage: new Uint8Array(bytes) }));
  const decrypted: Promise<Decrypted> = openpgp.decrypt({
    ...{ message, decryptionKeys: privateKey, format: 'binary', date: new Date(madeAt + dayMs) },
    ...(verificationKeys === undefined ? {} : { verificationKeys }),
  });
  const { data, filename, signatures } = await decrypted;
  if (!(data instanceof Uint8Array)) throw new Error('not binary');
  return { content: Buffer.from(data), filename, verified: await signatures[0]?.verified };
}

describe('a dispatch sealed by OpenPGP', () => {
  it('is opened by the agency, whole and under its name', async () => {
    const protection = await opened(settings());
    expect(protection).toMatchObject({ suffix: '.gpg', fingerprint: agency.fingerprint, expiresAt: null });
    const message = await read(await protection.seal('d.xml', content));
    expect(message).toEqual({ content, filename: 'd.xml', verified: undefined });
  });

  it('is text when the agency asks for it', async () => {
    const protection = await opened(settings({ armored: true }));
    const sealed = await protection.seal('d.xml', content);
    expect(protection.suffix).toBe('.asc');
    expect(sealed.toString()).toMatch(/^-----BEGIN PGP MESSAGE-----/);
    expect((await read(sealed)).content.equals(content)).toBe(true);
  });

  it('carries the signature of the region when it has a key, locked or not', async () => {
    const locked = await openpgp.encryptKey({ privateKey: region.privateKey, passphrase });
    const signingPassphraseFile = folder.file('passphrase', `${passphrase}\n`);
    for (const [name, key, more] of [
      ['open.asc', region.privateKey, {}],
      ['locked.asc', locked, { signingPassphraseFile }],
    ] as const) {
      const signingKeyFile = folder.file(name, key.armor());
      const sealed = await (await opened(settings({ signingKeyFile, ...more }))).seal('d.xml', content);
      expect((await read(sealed, agency, region.privateKey.toPublic())).verified).toBe(true);
    }
  });

  it('keeps the older form for a key that claims to read the newer one', async () => {
    const modern = await openPgpKeys({ config: { aeadProtect: true } });
    const sealed = await (await opened(settings({}, modern))).seal('d.xml', content);
    const { packets } = await openpgp.readMessage({ binaryMessage: new Uint8Array(sealed) });
    expect(packets.map((packet) => ('version' in packet ? packet.version : undefined))).toEqual([3, 1]);
    expect((await read(sealed, modern)).content.equals(content)).toBe(true);
  });

  it('goes by another id when key, subkey, signature or form is another', async () => {
    const other = await openPgpKeys();
    const signingKeyFile = folder.file('region.asc', region.privateKey.armor());
    const wider = printed(await agency.privateKey.addSubkey({ date: new Date(madeAt + 1000) }));
    const ids = [];
    for (const each of [
      () => settings(),
      () => settings({}, other),
      () => settings({}, wider),
      () => settings({ armored: true }),
      () => settings({ signingKeyFile }),
    ])
      ids.push((await opened(each())).id);
    expect(new Set(ids).size).toBe(ids.length);
    expect((await opened(settings())).id).toBe(ids[0]);
  });
});

describe('the key of an agency', () => {
  const refused = (text: string | Uint8Array, print: string, at = madeAt + dayMs): Promise<string> =>
    codeOf(async () => {
      const file = keyFile(text);
      const protection = sealedFor({ kind: 'openpgp', keyFile: file, fingerprint: print });
      await (await opened(protection, clockAt(at))).seal('d.xml', content);
    });

  it('is taken armored or binary, on a curve or RSA', async () => {
    const rsa = await openPgpKeys({ type: 'rsa', rsaBits: 2048 });
    expect(await refused(rsa.armored, rsa.fingerprint)).toBe('passed');
    expect(await refused(agency.privateKey.toPublic().write(), agency.fingerprint)).toBe('passed');
  });

  it('is refused when it is none, not alone, or not public', async () => {
    const { armored, fingerprint, privateKey } = agency;
    const binary = privateKey.toPublic().write();
    expect(await refused('nothing', fingerprint)).toBe('agency-key-unreadable');
    expect(await refused('', fingerprint)).toBe('agency-key-unreadable');
    expect(await refused(armored.slice(0, 300), fingerprint)).toBe('agency-key-unreadable');
    expect(await refused(Buffer.alloc(2_000_000, 0x98), fingerprint)).toBe('agency-key-unreadable');
    expect(await refused(armored + region.armored, fingerprint)).toBe('agency-key-several');
    const both = Buffer.concat([binary, region.privateKey.toPublic().write()]);
    expect(await refused(both, fingerprint)).toBe('agency-key-several');
    expect(await refused(privateKey.armor(), fingerprint)).toBe('agency-key-private');
    expect(await refused(privateKey.write(), fingerprint)).toBe('agency-key-private');
    const file = join(folder.path, 'none.asc');
    const missing = sealedFor({ kind: 'openpgp', keyFile: file, fingerprint });
    expect(await codeOf(() => opened(missing))).toBe('agency-key-unreadable');
  });

  it('is refused when it is not the one that the settings name', async () => {
    expect(await refused(agency.armored, region.fingerprint)).toBe('agency-key-swapped');
  });

  it('is refused when GnuPG 2.2 could not use it, or nobody should', async () => {
    const kinds = {
      'agency-key-unsuitable': [
        await openPgpKeys({ type: 'curve25519', config: { v6Keys: true } }),
        await openPgpKeys({ subkeys: [] }),
        await openPgpKeys({ subkeys: [{ sign: true }] }),
      ],
      'agency-key-weak': [await openPgpKeys({ type: 'rsa', rsaBits: 1024, config: { minRSABits: 1024 } })],
      'agency-key-revoked': [
        printed(
          (await openpgp.revokeKey({ key: region.privateKey, date: new Date(madeAt), format: 'object' }))
            .privateKey,
        ),
      ],
    };
    for (const [code, keys] of Object.entries(kinds))
      for (const { armored, fingerprint } of keys) expect(await refused(armored, fingerprint)).toBe(code);
  });

  it('is refused before its day and after its last', async () => {
    const brief = await openPgpKeys({ keyExpirationTime: 10 * 86_400 });
    const { armored, fingerprint } = brief;
    expect(await refused(armored, fingerprint, madeAt - 1000)).toBe('agency-key-early');
    expect(await refused(armored, fingerprint, madeAt + 10 * dayMs - 1000)).toBe('passed');
    expect(await refused(armored, fingerprint, madeAt + 10 * dayMs)).toBe('agency-key-expired');
    expect(await refused(armored, fingerprint, madeAt + 300 * dayMs)).toBe('agency-key-expired');
  });

  it('is refused when only its subkey has expired or was revoked', async () => {
    const brief = await openPgpKeys({ subkeys: [{ keyExpirationTime: 86_400 }] });
    expect((await inspectKey(settings({}, brief), clockAt(madeAt)))?.expiresAt).toBe(madeAt + dayMs);
    expect(await refused(brief.armored, brief.fingerprint, madeAt + dayMs)).toBe('agency-key-expired');
    const { privateKey } = await openPgpKeys();
    const [subkey] = privateKey.subkeys;
    const { keyPacket } = privateKey;
    const at = new Date(madeAt + 1000);
    const gone = await subkey?.revoke(keyPacket as openpgp.SecretKeyPacket, {}, at);
    privateKey.subkeys = gone === undefined ? [] : [gone];
    expect(await refused(privateKey.toPublic().armor(), privateKey.getFingerprint())).toBe(
      'agency-key-unsuitable',
    );
  });

  it('is sealed for by the subkey whose day has come', async () => {
    const { privateKey } = await openPgpKeys();
    const two = await privateKey.addSubkey({ date: new Date(madeAt + 5 * dayMs) });
    const used = async (at: number): Promise<string | undefined> => {
      const protection = await opened(settings({}, printed(two)), clockAt(at));
      const sealed = await protection.seal('d.xml', content);
      const message = await openpgp.readMessage({ binaryMessage: new Uint8Array(sealed) });
      return message.getEncryptionKeyIDs()[0]?.toHex();
    };
    const [now, later] = two.subkeys.map((subkey) => subkey.getKeyID().toHex());
    expect(await used(madeAt + dayMs)).toBe(now);
    expect(await used(madeAt + 6 * dayMs)).toBe(later);
    two.subkeys = two.subkeys.slice(1);
    expect(await refused(printed(two).armored, two.getFingerprint())).toBe('agency-key-early');
  });

  it('is described by what is in its file, in force or not', async () => {
    const brief = await openPgpKeys({ type: 'rsa', rsaBits: 2048, keyExpirationTime: 86_400 });
    const described = await inspectKey(settings({ fingerprint: region.fingerprint }, brief));
    expect(described).toEqual({
      ...{ kind: 'openpgp', fingerprint: brief.fingerprint, algorithm: 'rsa-2048', bits: 2048 },
      ...{ createdAt: madeAt, expiresAt: madeAt + dayMs },
    });
    expect(await inspectKey(settings())).toMatchObject({ bits: null, expiresAt: null });
    expect(await inspectKey(sealedFor({ kind: 'none' }))).toBeUndefined();
  });
});

describe('a key that changes while the receiver runs', () => {
  it('is sealed for until its last second, and again once prolonged', async () => {
    const brief = await openPgpKeys({ keyExpirationTime: 10 * 86_400 });
    const clock = clockAt(madeAt + 10 * dayMs - 1000);
    const protection = await opened(settings({}, brief), clock);
    await protection.seal('d.xml', content);
    clock.advance(1000);
    expect(await codeOf(() => protection.seal('d.xml', content))).toBe('agency-key-expired');
    const { privateKey } = await openpgp.reformatKey({
      ...{ privateKey: brief.privateKey, userIDs: [{ name: 'agency' }], keyExpirationTime: 20 * 86_400 },
      ...{ date: new Date(madeAt + 1000), format: 'object' as const },
    });
    keyFile(printed(privateKey).armored);
    expect(await codeOf(() => protection.seal('d.xml', content))).toBe('passed');
    expect(protection.expiresAt).toBe(madeAt + 20 * dayMs);
  });

  it('is not sealed for any more once its file holds another, is gone, or revokes it', async () => {
    const protection = await opened(settings());
    const coded = (): Promise<string> => codeOf(() => protection.seal('d.xml', content));
    expect(await coded()).toBe('passed');
    keyFile(region.armored);
    expect(await coded()).toBe('agency-key-swapped');
    rmSync(join(folder.path, 'agency.asc'));
    expect(await coded()).toBe('agency-key-unreadable');
    const revoked = await openpgp.revokeKey({
      ...{ key: agency.privateKey, date: new Date(madeAt), format: 'object' as const },
    });
    keyFile(printed(revoked.privateKey).armored);
    expect(await coded()).toBe('agency-key-revoked');
    keyFile(agency.armored);
    expect(await coded()).toBe('passed');
  });

  it('is opened anew when it wants another subkey to be used', async () => {
    const protection = await opened(settings());
    const wider = await agency.privateKey.addSubkey({ date: new Date(madeAt + 1000) });
    keyFile(printed(wider).armored);
    expect(await codeOf(() => protection.seal('d.xml', content))).toBe('agency-key-renewed');
    const sealed = await (await opened(settings({}, printed(wider)))).seal('d.xml', content);
    const message = await openpgp.readMessage({ binaryMessage: new Uint8Array(sealed) });
    expect(message.getEncryptionKeyIDs().map((id) => id.toHex())).toEqual([
      wider.subkeys[1]?.getKeyID().toHex(),
    ]);
  });
});

describe('the key the region signs with', () => {
  const refused = (text: string | Uint8Array, more: object = {}, at = madeAt + dayMs): Promise<string> =>
    codeOf(async () => {
      const signingKeyFile = folder.file('signing.asc', text);
      const protection = await opened(settings({ signingKeyFile, ...more }), clockAt(at));
      await protection.seal('d.xml', content);
    });

  it('is refused when it cannot be read, unlocked or used', async () => {
    const locked = await openpgp.encryptKey({ privateKey: region.privateKey, passphrase });
    const wrong = folder.file('wrong', 'wrong\n');
    const none = join(folder.path, 'none');
    expect(await refused(region.privateKey.armor())).toBe('passed');
    expect(await refused('nothing')).toBe('signing-key-unreadable');
    expect(await refused(region.armored)).toBe('signing-key-unreadable');
    expect(await refused(locked.armor())).toBe('signing-key-locked');
    expect(await refused(locked.armor(), { signingPassphraseFile: wrong })).toBe('signing-key-locked');
    expect(await refused(locked.armor(), { signingPassphraseFile: none })).toBe('signing-key-unreadable');
    const two = Buffer.concat([region.privateKey.write(), agency.privateKey.write()]);
    expect(await refused(two)).toBe('signing-key-unsuitable');
    const six = await openPgpKeys({ type: 'curve25519', config: { v6Keys: true } });
    expect(await refused(six.privateKey.armor())).toBe('signing-key-unsuitable');
    const revoked = await openpgp.revokeKey({
      ...{ key: region.privateKey, date: new Date(madeAt), format: 'object' as const },
    });
    expect(await refused(revoked.privateKey.armor())).toBe('signing-key-unsuitable');
  });

  it('stops signing on its last day, also while the receiver runs', async () => {
    const brief = await openPgpKeys({ keyExpirationTime: 10 * 86_400 });
    const armored = brief.privateKey.armor();
    expect(await refused(armored, {}, madeAt + 10 * dayMs)).toBe('signing-key-expired');
    const clock = clockAt(madeAt + 10 * dayMs - 1000);
    const protection = await opened(settings({ signingKeyFile: folder.file('brief.asc', armored) }), clock);
    await protection.seal('d.xml', content);
    clock.advance(1000);
    expect(await codeOf(() => protection.seal('d.xml', content))).toBe('signing-key-expired');
  });

  it.skipIf(process.platform === 'win32')('is refused when other accounts may read it', async () => {
    const signingKeyFile = folder.file('shared.asc', region.privateKey.armor());
    chmodSync(signingKeyFile, 0o640);
    expect(await codeOf(() => opened(settings({ signingKeyFile })))).toBe('key-file-permissions');
  });
});
