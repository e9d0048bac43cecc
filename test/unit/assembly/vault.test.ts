import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createVault, openVault } from '../../../agent/assembly/vault.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { fakeRandom, temporaryFolder } from '../agent/support.ts';

const vault = createVault(Buffer.alloc(32, 1), systemRandom);

describe('the vault', () => {
  it('gives back what it sealed, only in its place, and shows nothing of it', () => {
    for (const text of ['', 'CANARI', 'é'.repeat(10_000)]) {
      const sealed = vault.seal('row 1', text);
      expect(vault.open('row 1', sealed)).toBe(text);
      expect(() => vault.open('row 2', sealed)).toThrow(expect.objectContaining({ code: 'vault-damaged' }));
      expect(sealed.includes('CANARI')).toBe(false);
      expect(sealed).toHaveLength(Buffer.byteLength(text) + 28);
    }
    expect(vault.seal('row 1', 'same')).not.toEqual(vault.seal('row 1', 'same'));
  });

  it('opens nothing that is altered, cut or sealed under another key', () => {
    const sealed = vault.seal('row', 'text');
    for (let at = 0; at < sealed.length; at += 1) {
      const altered = Buffer.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => vault.open('row', altered)).toThrow(expect.objectContaining({ code: 'vault-damaged' }));
    }
    for (const length of [0, 11, 12, 27, sealed.length - 1])
      expect(() => vault.open('row', sealed.subarray(0, length))).toThrow('vault-damaged');
    const other = createVault(Buffer.alloc(32, 2), systemRandom);
    expect(() => other.open('row', sealed)).toThrow('vault-damaged');
  });

  it('gives equal texts one index per label and key, and others others', () => {
    const other = createVault(Buffer.alloc(32, 2), systemRandom);
    const indexes = [
      vault.index('visit', 'a'),
      vault.index('visit', 'b'),
      vault.index('patient', 'a'),
      other.index('visit', 'a'),
    ];
    expect(vault.index('visit', 'a')).toEqual(indexes[0]);
    expect(new Set(indexes.map((index) => index.toString('hex'))).size).toBe(4);
    expect(indexes[0]).toHaveLength(16);
  });

  it('makes its key once, for the service alone, and refuses one that is not whole', async () => {
    const state = temporaryFolder();
    const first = await openVault(state, fakeRandom());
    const sealed = first.seal('row', 'text');
    const path = join(state, 'identity', 'local.key');
    const key = readFileSync(path, 'utf8');
    expect((await openVault(state, systemRandom)).open('row', sealed)).toBe('text');
    expect(readFileSync(path, 'utf8')).toBe(key);
    expect(statSync(path).mode & 0o077).toBe(0);
    writeFileSync(path, key.slice(0, 40));
    await expect(openVault(state, systemRandom)).rejects.toMatchObject({
      code: 'vault-key-unreadable',
      facts: { file: path },
    });
  });
});
