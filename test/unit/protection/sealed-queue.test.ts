import { hash } from 'node:crypto';
import * as openpgp from 'openpgp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DestinationConfig } from '../../../receiver/config-destinations.ts';
import { createForwarder, type Forwarder } from '../../../receiver/forward/delivery/forwarder.ts';
import type { DeliveryReport, OutgoingFile } from '../../../receiver/forward/destination.ts';
import { createParcels } from '../../../receiver/forward/parcel.ts';
import { approveKey } from '../../../receiver/forward/protection/approve-key.ts';
import { openProtectionOf } from '../../../receiver/forward/protection/open-protection.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { transient } from '../../../shared/runtime/errors.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createLab, facility, quiet, type Lab } from '../receiver/lab.ts';
import { codeOf, createFolder, dayMs, madeAt, openPgpKeys, sealedFor, type OpenPgpKeys } from './agency.ts';

const folder = createFolder();
const running = new AbortController().signal;
let lab: Lab;
let first: OpenPgpKeys;
let second: OpenPgpKeys;
let number = 0;
let extract = 0;
let name = '';
let delivered: OutgoingFile[] = [];
let report: ((files: readonly OutgoingFile[]) => DeliveryReport) | undefined;

beforeAll(async () => {
  lab = await createLab(madeAt + dayMs);
  [first, second] = await Promise.all([openPgpKeys(), openPgpKeys()]);
});
afterAll(async () => {
  folder.remove();
  await lab.close();
});
beforeEach(() => {
  number += 1;
  name = `agency-${number}`;
  delivered = [];
  report = undefined;
});

/** The key in the file, and the one that the settings name. */
function sealed(key: OpenPgpKeys, named = key): DestinationConfig {
  const keyFile = folder.file(`${name}.asc`, key.armored);
  return sealedFor({ kind: 'openpgp', keyFile, fingerprint: named.fingerprint }, name);
}

function forwarder(settings: DestinationConfig, store: Store = lab.store): Forwarder {
  const deps = { clock: lab.clock, random: systemRandom };
  return createForwarder({
    destination: {
      ...{ name, open: async () => undefined, close: async () => undefined, probe: async () => [] },
      deliver: async (files) => {
        delivered.push(...files);
        return report?.(files) ?? { delivered: files.length, fault: undefined };
      },
    },
    ...{ ...deps, store, logger: quiet, sign: lab.sign, onReceipts: () => undefined },
    openParcels: async () => createParcels(false, await openProtectionOf(settings, deps)),
    retry: { firstMs: 1000, maxMs: 300_000, attempts: undefined },
  });
}

async function waiting(text = 'content'): Promise<string> {
  extract += 1;
  const file = `${name}-${text}.xml`;
  await lab.store.transaction((tx) =>
    tx.dispatches.put(
      {
        ...{ name: file, destination: name, facility, feed: 'ed-visits', from: 1 as Day, to: 2 as Day },
        ...{ records: 1, extract, digest: hash('sha256', text, 'hex'), composedAt: lab.clock.now() },
        ...{ export: null, cause: 'replay', format: 'f 1' },
      },
      Buffer.from(text),
    ),
  );
  return file;
}

const rowOf = async (file: string) => (await lab.store.read((tx) => tx.dispatches.byName(file)))[0];
const breaker = () => lab.store.read((tx) => tx.destinations.get(name));
const sealedOf = async (file: string) => {
  const id = (await rowOf(file))?.id ?? 0;
  return lab.store.read((tx) => tx.dispatches.sealed(id));
};
const approve = (settings: DestinationConfig, person: string, key = first) =>
  approveKey(lab.store, settings, key.fingerprint, person, lab.clock.now());

async function text(content: Buffer, { privateKey }: OpenPgpKeys): Promise<string> {
  const message = await openpgp.readMessage({ binaryMessage: new Uint8Array(content) });
  return String((await openpgp.decrypt({ message, decryptionKeys: privateKey })).data);
}

describe('a queue that seals', () => {
  it('lets nothing leave before two people approved the key, and everything as soon as they did', async () => {
    const settings = sealed(first);
    const file = await waiting();
    const { step } = forwarder(settings);
    for (const person of [undefined, 'Ana', ' ANA ']) {
      if (person !== undefined) await approve(settings, person);
      expect(await step(running)).toBe(false);
      expect(delivered).toEqual([]);
      expect((await rowOf(file))?.state).toBe('waiting');
      expect(await breaker()).toMatchObject({ breaker: 'open', code: 'agency-key-unapproved' });
      expect(await sealedOf(file)).toBeUndefined();
      lab.clock.advance(300_000);
    }
    await step(running);
    expect((await breaker())?.nextAttemptAt).toBeGreaterThan(lab.clock.now());
    expect((await approve(settings, 'Bob')).missing).toBe(0);
    await step(running);
    expect(delivered.map((one) => one.name)).toEqual([`${file}.gpg`]);
    expect(await text(delivered[0]?.content ?? Buffer.alloc(0), first)).toBe('content');
    expect((await rowOf(file))?.state).toBe('sent');
    expect(await breaker()).toMatchObject({ breaker: 'closed', code: null });
  });

  it('seals for neither key when the file of an approved one was changed', async () => {
    const settings = sealed(first);
    for (const person of ['Ana', 'Bob']) await approve(settings, person);
    const { step } = forwarder(settings);
    const before = await waiting('before');
    await step(running);
    expect((await rowOf(before))?.state).toBe('sent');
    // While it runs, and again with a forwarder that never saw the right one.
    const file = await waiting('after');
    sealed(second, first);
    for (const tried of [step, forwarder(settings).step]) {
      expect(await tried(running)).toBe(false);
      expect(await breaker()).toMatchObject({ breaker: 'open', code: 'agency-key-swapped' });
      expect((await rowOf(file))?.state).toBe('waiting');
      expect(await sealedOf(file)).toBeUndefined();
      lab.clock.advance(300_000);
    }
    expect(delivered.map((one) => one.name)).toEqual([`${before}.gpg`]);
    // Put right, it leaves by itself.
    sealed(first);
    await step(running);
    expect((await rowOf(file))?.state).toBe('sent');
  });

  it('asks for two people again when the agency has another key', async () => {
    const settings = sealed(first);
    for (const person of ['Ana', 'Bob']) await approve(settings, person);
    const changed = sealed(second);
    const file = await waiting();
    const { step } = forwarder(changed);
    await step(running);
    expect((await breaker())?.code).toBe('agency-key-unapproved');
    for (const person of ['Ana', 'Bob']) await approve(changed, person, second);
    await step(running);
    expect((await rowOf(file))?.state).toBe('sent');
    expect(await text(delivered[0]?.content ?? Buffer.alloc(0), second)).toBe('content');
  });

  it('sends the same bytes again after a crash between delivery and its note, and after a fault', async () => {
    const settings = sealed(first);
    for (const person of ['Ana', 'Bob']) await approve(settings, person);
    const file = await waiting();
    let dead = false;
    const store: Store = {
      ...lab.store,
      transaction: async (work) => {
        if (dead) throw new Error('killed');
        return lab.store.transaction(work);
      },
    };
    report = (files) => {
      dead = true;
      return { delivered: files.length, fault: undefined };
    };
    await expect(forwarder(settings, store).step(running)).rejects.toThrow('killed');
    expect((await rowOf(file))?.state).toBe('sending');
    await lab.store.transaction((tx) => tx.dispatches.recover(lab.clock.now()));
    report = () => ({ delivered: 0, fault: transient('delivery-unavailable') });
    await forwarder(settings).step(running);
    report = undefined;
    lab.clock.advance(300_000);
    await forwarder(settings).step(running);
    expect((await rowOf(file))?.state).toBe('sent');
    expect(delivered).toHaveLength(3);
    const [one, ...others] = delivered;
    for (const each of others) expect(each).toMatchObject({ name: `${file}.gpg`, content: one?.content });
  });

  it('seals again what had been sealed for a key that the agency changed since', async () => {
    const settings = sealed(first);
    for (const person of ['Ana', 'Bob']) await approve(settings, person);
    const file = await waiting();
    report = () => ({ delivered: 0, fault: transient('delivery-unavailable') });
    await forwarder(settings).step(running);
    const changed = sealed(second);
    for (const person of ['Ana', 'Bob']) await approve(changed, person, second);
    report = undefined;
    lab.clock.advance(300_000);
    await forwarder(changed).step(running);
    expect((await rowOf(file))?.state).toBe('sent');
    expect(await text(delivered[0]?.content ?? Buffer.alloc(0), first)).toBe('content');
    expect(await text(delivered[1]?.content ?? Buffer.alloc(0), second)).toBe('content');
    expect((await sealedOf(file))?.content).toEqual(delivered[1]?.content);
  });
});

describe('approving a key', () => {
  it('answers who did, each once, and how many are missing', async () => {
    const settings = sealed(first);
    const at = lab.clock.now();
    expect(await approve(settings, 'Ana Ito')).toEqual({
      ...{ fingerprint: first.fingerprint, missing: 1 },
      approvals: [{ fingerprint: first.fingerprint, person: 'Ana Ito', at }],
    });
    const typed = [
      'Ana Ito',
      ' ana  ITO',
      'ＡNA ITO',
      'Ito Ana',
      'Àna Itô',
      'ana.ito',
      'A\u034fna I\u3164to',
    ];
    for (const same of typed) expect((await approve(settings, same)).missing).toBe(1);
    const { approvals, missing } = await approve(settings, 'Bob');
    expect([approvals.map(({ person }) => person), missing]).toEqual([['Ana Ito', 'Bob'], 0]);
    expect((await approve(settings, 'Cleo')).missing).toBe(0);
  });

  it('takes a fingerprint as gpg and openssl print it', async () => {
    const settings = sealed(first);
    const groups = first.fingerprint.toUpperCase().match(/.{4}/g) ?? [];
    for (const typed of [groups.join(' '), groups.join(':')])
      expect(await codeOf(() => approveKey(lab.store, settings, typed, 'Ana', 1))).toBe('passed');
  });

  it('is refused for another fingerprint, file, destination or nobody, and notes nothing', async () => {
    const coded = (settings: DestinationConfig, typed: string, person = 'Ana'): Promise<string> =>
      codeOf(() => approveKey(lab.store, settings, typed, person, 1));
    const { fingerprint } = first;
    expect(await coded(sealed(first), second.fingerprint)).toBe('agency-key-other');
    expect(await coded(sealed(first), fingerprint.slice(0, 16))).toBe('agency-key-other');
    expect(await coded(sealed(second, first), fingerprint)).toBe('agency-key-swapped');
    expect(await coded(sealed(second, first), second.fingerprint)).toBe('agency-key-swapped');
    expect(await coded(sealedFor({ kind: 'none' }, name), fingerprint)).toBe('agency-key-none');
    for (const nobody of ['', ' \n', '-', '\u3164', 'A\u0007na', 'x'.repeat(101)])
      expect(await coded(sealed(first), fingerprint, nobody)).toBe('agency-key-approver');
    expect(await lab.store.read((tx) => tx.destinations.approvals(name))).toEqual([]);
  });

  it('leaves alone a queue that rests for another reason, and one that a person paused', async () => {
    const later = lab.clock.now() + 60_000;
    for (const code of ['delivery-unavailable', 'agency-key-unapproved']) {
      const settings = sealed(first);
      await lab.store.transaction((tx) =>
        tx.destinations.put({
          ...{ name, breaker: 'open', failures: 1, nextAttemptAt: later, code, since: 1 },
          ...{ pausedBy: 'Ana', pausedAt: 1 },
        }),
      );
      await approve(settings, 'Ana');
      expect((await breaker())?.nextAttemptAt).toBe(later);
      await approve(settings, 'Bob');
      expect(await breaker()).toMatchObject({
        nextAttemptAt: code === 'delivery-unavailable' ? later : lab.clock.now(),
        pausedBy: 'Ana',
      });
      name = `${name}-b`;
    }
  });
});
