import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { trustBundlePath } from '../../../receiver/auth/trust-bundle-file.ts';
import { createSliceOpener } from '../../../receiver/inbox/open-envelope.ts';
import { openersOf } from '../../../receiver/pki/region-keys.ts';
import { createTrust } from '../../../agent/enrolment/trust.ts';
import { fingerprint, readCertificate } from '../../../shared/envelope/keys.ts';
import { genesis } from '../../../shared/envelope/header.ts';
import { parseEnvelope } from '../../../shared/envelope/open.ts';
import { createReceiptSigner, createReceiptVerifier } from '../../../shared/protocol/receipt-proof.ts';
import { verifyTrustBundle, type TrustBundle } from '../../../shared/protocol/trust-bundle.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { faultOf, fields } from '../envelope/sealed.ts';
import { createKeyLab, dayMs, temporary, type KeyLab } from './lab.ts';

const minuteMs = 60_000;

const statesOf = async (keys: KeyLab, role: string): Promise<readonly string[]> =>
  (await keys.list()).keys.filter((key) => key.role === role).map(({ state }) => state);

/** An agent's trust in the bundle it has, by the lab's clock. */
async function trusting(keys: KeyLab, bundle: () => TrustBundle) {
  const { seal, id } = await keys.lab.addAgent();
  const trust = createTrust({
    identity: { seal, bundle, ingestUrl: 'https://localhost:1', tls: { key: '', certificate: '' } } as never,
    ...{ clock: keys.lab.clock, random: systemRandom, connections: 1, proxy: undefined },
  });
  return { trust, id };
}

describe('the key that opens envelopes', () => {
  it('is announced, taken up by agents at its hour, and the one before still opens', async () => {
    const keys = await createKeyLab();
    const before = await keys.bundle();
    let bundle = before;
    const { trust, id } = await trusting(keys, () => bundle);
    const sealedFor = async (): Promise<Buffer> => {
      const sealer = trust.sealer();
      return sealer.seal(
        { ...fields, agent: id, prev: genesis },
        await sealer.compress(Buffer.from('not a slice')),
      ).bytes;
    };
    await keys.rotate('encryption', { after: '60' });
    bundle = await keys.bundle();
    expect(bundle.version).toBe(before.version + 1);
    expect(await statesOf(keys, 'encryption')).toEqual(['current', 'next']);
    trust.renew();

    const [first, second] = (await keys.region()).keys.filter(({ role }) => role === 'encryption');
    const early = await sealedFor();
    expect(parseEnvelope(early).header.recipients[0]).toBe(fingerprint(first?.certificate ?? never()));
    keys.lab.clock.advance(61 * minuteMs);
    expect(await statesOf(keys, 'encryption')).toEqual(['retiring', 'current']);
    // The same bundle, the same process.
    const late = await sealedFor();
    expect(parseEnvelope(late).header.recipients[0]).toBe(fingerprint(second?.certificate ?? never()));

    const region = await keys.region();
    const open = createSliceOpener({ openers: () => openersOf(region), isDestroyed: () => false });
    // Opened: only what is inside is no slice.
    for (const bytes of [early, late]) expect(await faultOf(() => open(bytes))).toBe('slice-malformed');
  });

  it('is not followed by two at once; what is no longer safe is replaced at once', async () => {
    const keys = await createKeyLab();
    const next = await keys.rotate('encryption');
    expect(await faultOf(() => keys.rotate('encryption'))).toBe('key-rotation-pending');
    expect(await keys.rotate('encryption', { now: true })).toBe(next);
    expect(await statesOf(keys, 'encryption')).toEqual(['retiring', 'current']);
    expect((await keys.bundle()).version).toBe(5);
    expect(await faultOf(() => keys.rotate('encryption', { after: '1' }))).toBe('key-overlap-short');
    expect(await faultOf(() => keys.rotate('colour'))).toBe('key-role-unknown');
  });

  it('goes when every agent knows the next and none holds older envelopes, and 90 days have passed', async () => {
    const keys = await createKeyLab();
    const { id } = await keys.lab.addAgent();
    const [old] = (await keys.list()).keys;
    await keys.rotate('encryption', { now: true });
    const { version } = await keys.bundle();
    const say = (bundleVersion: number, oldestPendingAt: number | null): Promise<void> =>
      keys.lab.store.transaction((tx) =>
        tx.agents.putHeartbeat(
          id,
          keys.lab.clock.now(),
          JSON.stringify({
            bundleVersion,
            feeds: [
              {
                feed: 'ed-visits',
                epoch: 1,
                seq: 1,
                pending: oldestPendingAt === null ? 0 : 1,
                oldestPendingAt,
              },
            ],
          }),
        ),
      );
    const refused = async (): Promise<Record<string, unknown>> => {
      const fault: unknown = await keys.destroy(old?.id ?? '').catch((error: unknown) => error);
      return (fault as { facts: Record<string, unknown> }).facts;
    };
    const rotatedAt = keys.lab.clock.now();
    expect(await refused()).toMatchObject({ agents: 1, names: 'Agent', days: 90 });
    keys.lab.clock.advance(91 * dayMs);
    expect(await refused()).toMatchObject({ agents: 1, days: 0 });
    await say(version - 1, null);
    expect(await refused()).toMatchObject({ agents: 1 });
    await say(version, rotatedAt - dayMs);
    expect(await refused()).toMatchObject({ agents: 1 });
    await say(version, null);
    expect((await keys.list()).lines.join('\n')).toContain('peut être détruite');
    await keys.destroy(old?.id ?? '');
    expect(await statesOf(keys, 'encryption')).toEqual(['destroyed', 'current']);
    expect(existsSync(join(keys.lab.folder, 'keys', 'encryption.key'))).toBe(false);
    const { recipients } = await keys.bundle();
    expect(recipients.filter(({ use }) => use === 'receiver')).toHaveLength(1);
    expect(await faultOf(() => keys.destroy(old?.id ?? ''))).toBe('key-unknown');
    const [, current] = (await keys.list()).keys.filter(({ role }) => role === 'encryption');
    expect(await faultOf(() => keys.destroy(current?.id ?? ''))).toBe('key-in-use');
  });

  it('destroyed though it was needed, is named by what is still sealed for it', async () => {
    const keys = await createKeyLab();
    const agent = await keys.lab.addAgent();
    const { bytes } = await agent.chain().next();
    const [old] = (await keys.list()).keys;
    await keys.rotate('encryption', { now: true });
    expect(await faultOf(() => keys.destroy(old?.id ?? '', { evenSo: true }))).toBe('key-reason-missing');
    await keys.destroy(old?.id ?? '', { evenSo: true, reason: 'stolen' });
    const region = await keys.region();
    const gone = region.keys.filter(({ destroyedAt }) => destroyedAt !== null);
    const open = createSliceOpener({
      openers: () => openersOf(region),
      isDestroyed: (found) =>
        gone.some(({ certificate }) => certificate !== undefined && fingerprint(certificate) === found),
    });
    expect(await faultOf(() => open(bytes))).toBe('envelope-key-destroyed');
    const audited = await keys.lab.store.read((tx) => tx.audit.find({}, Number.MAX_SAFE_INTEGER, 10));
    expect(audited.map(({ action, reason }) => [action, reason])).toEqual([
      ['key.destroy', 'stolen'],
      ['key.rotate', null],
    ]);
  });
});

describe('the key that signs receipts', () => {
  it('signs from its hour on; what any of them signed stays proven, also once it is destroyed', async () => {
    const keys = await createKeyLab();
    const sign = async (): Promise<string> =>
      createReceiptSigner({ ...(await keys.region()).receipts, clock: keys.lab.clock }).sign(['text']);
    const proofs = [await sign()];
    await keys.rotate('receipts', { after: '10' });
    proofs.push(await sign());
    keys.lab.clock.advance(11 * minuteMs);
    proofs.push(await sign());
    const kids = proofs.map((jws) => decodeProtectedHeader(jws).kid);
    expect(new Set(kids).size).toBe(2);
    expect(kids[0]).toBe(kids[1]);

    const holds = async (): Promise<readonly boolean[]> => {
      const verifier = createReceiptVerifier((await keys.bundle()).receiptKeys);
      return Promise.all(proofs.map((jws) => verifier.covers('text', jws)));
    };
    expect(await holds()).toEqual([true, true, true]);
    const old = (await keys.list()).keys.find(
      ({ role, state }) => role === 'receipts' && state === 'retiring',
    );
    expect(await faultOf(() => keys.destroy(old?.id ?? ''))).toBe('key-still-needed');
    keys.lab.clock.advance(2 * dayMs);
    await keys.destroy(old?.id ?? '');
    expect(existsSync(join(keys.lab.folder, 'keys', 'receipts.key'))).toBe(false);
    expect(await holds()).toEqual([true, true, true]);
    // Signed with the old key after its time: by nobody of the region.
    const stale = createReceiptSigner({ ...keys.lab.region.receipts, clock: keys.lab.clock });
    const verifier = createReceiptVerifier((await keys.bundle()).receiptKeys);
    expect(await verifier.covers('text', await stale.sign(['text']))).toBe(false);
  });
});

describe('the issuing authority', () => {
  it('is followed by another, and goes when no certificate hangs on it', async () => {
    const keys = await createKeyLab();
    const agent = await keys.lab.addAgent();
    const old = (await keys.list()).keys.find(({ role }) => role === 'issuing');
    await keys.rotate('ca', { after: '60' });
    expect((await keys.bundle()).authorities).toHaveLength(3);
    const first = (await keys.region()).issuing.certificate;
    keys.lab.clock.advance(61 * minuteMs);
    const second = (await keys.region()).issuing.certificate;
    expect(second.subject).not.toBe(first.subject);
    expect(second.checkIssued(keys.lab.region.root.certificate)).toBe(true);

    await keys.rotate('server');
    expect((await keys.region()).server.certificate.checkIssued(second)).toBe(true);
    expect(await faultOf(() => keys.destroy(old?.id ?? ''))).toBe('key-still-needed');
    expect((await keys.list()).keys.find(({ id }) => id === old?.id)?.needed?.certificates).toBe(1);
    keys.lab.clock.advance(90 * dayMs);
    await keys.destroy(old?.id ?? '');
    expect((await keys.bundle()).authorities).toHaveLength(2);
    const row = await keys.lab.store.read((tx) => tx.agents.certificate(fingerprint(agent.tls.certificate)));
    expect(row?.revokedAt).toBeNull();
  });

  it('destroyed though certificates hang on it, lets in none of them', async () => {
    const keys = await createKeyLab();
    const agent = await keys.lab.addAgent();
    const old = (await keys.list()).keys.find(({ role }) => role === 'issuing');
    await keys.rotate('ca', { now: true });
    await keys.destroy(old?.id ?? '', { evenSo: true, reason: 'stolen' });
    const rows = await keys.lab.store.read((tx) => tx.agents.certificatesOf(agent.id));
    // What it sealed before stays good: envelopes may be on their way.
    expect(rows.map(({ use, revokedAt }) => [use, revokedAt !== null]).sort()).toEqual([
      ['seal', false],
      ['tls', true],
    ]);
  });
});

describe('a change of keys', () => {
  it('needs the root key, wherever it lies, and no other; the listeners’ certificate does not', async () => {
    const keys = await createKeyLab();
    const away = join(await temporary(), 'root.key');
    renameSync(join(keys.lab.folder, 'keys', 'root.key'), away);
    expect(await faultOf(() => keys.rotate('encryption'))).toBe('root-key-away');
    const other = join(keys.lab.folder, 'keys', 'issuing.key');
    expect(await faultOf(() => keys.rotate('encryption', { rootKey: other }))).toBe('root-key-other');
    const before = await keys.bundle();
    await keys.rotate('server');
    expect(await keys.bundle()).toEqual(before);
    await keys.rotate('encryption', { rootKey: away });
    expect((await keys.bundle()).version).toBe(before.version + 1);
    expect((await keys.list()).lines.join('\n')).toContain('hors ligne');
  });

  it('leaves one key of the listeners, and the public copy of the bundle as it is in force', async () => {
    const keys = await createKeyLab();
    await keys.rotate('server');
    await keys.rotate('server');
    const server = readdirSync(join(keys.lab.folder, 'keys')).filter((name) => /^server.*\.key$/.test(name));
    expect(server).toHaveLength(1);
    const region = await keys.region();
    expect(readCertificate(region.serverChain).checkPrivateKey(region.server.privateKey)).toBe(true);
    await keys.rotate('receipts', { now: true });
    expect(readFileSync(trustBundlePath(keys.lab.folder), 'utf8')).toBe((await keys.region()).bundle);
  });

  it('gives a bundle newer than any that an agent says it has, within reason', async () => {
    const keys = await createKeyLab();
    const { id } = await keys.lab.addAgent();
    const say = (bundleVersion: number): Promise<void> =>
      keys.lab.store.transaction((tx) =>
        tx.agents.putHeartbeat(id, keys.lab.clock.now(), JSON.stringify({ bundleVersion, feeds: [] })),
      );
    await say(41);
    await keys.rotate('receipts', { now: true });
    const { jws } = await import('../../../receiver/auth/trust-bundle-file.ts').then(({ readTrustBundle }) =>
      readTrustBundle(keys.lab.folder),
    );
    expect((await verifyTrustBundle(jws, keys.lab.region.rootDigest, 41)).version).toBe(42);
    await say(Number.MAX_SAFE_INTEGER);
    await keys.rotate('receipts', { now: true });
    expect((await keys.bundle()).version).toBe(43);
  });
});

function never(): never {
  throw new Error('no certificate');
}
