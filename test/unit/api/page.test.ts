import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenHashOf } from '../../../receiver/api/tokens.ts';
import { createPortalLab, viewerAs, type PortalLab } from '../../support/portal/portal-lab.ts';

let lab: PortalLab;
const administrator = viewerAs('regional-operator', { administrator: true });
const path = '/administration/jetons';
beforeAll(async () => {
  lab = await createPortalLab();
});
afterAll(() => lab.close());

const form = { name: 'Tableau de bord', profile: 'read-only', scope: ['files', 'alerts'], days: '90' };

describe('the page of tokens', () => {
  it('makes one that works, shows it once, and writes it down', async () => {
    expect((await lab.get(path, administrator)).text).toContain('Aucun programme n’interroge la région');
    const made = await lab.post(path, administrator, { ...form, facilities: '' });
    expect(made.status).toBe(200);
    const [token = ''] = /vgm_[\w-]{43}/.exec(made.text) ?? [];
    const hash = tokenHashOf(`Bearer ${token}`) ?? Buffer.alloc(0);
    const row = await lab.store.read((tx) => tx.tokens.byHash(hash));
    expect(row).toMatchObject({
      ...{ name: 'Tableau de bord', profile: 'read-only', scopes: ['files', 'alerts'], facilities: null },
      expiresAt: (row?.createdAt ?? 0) + 90 * 86_400_000,
    });
    const list = await lab.get(path, administrator);
    expect(list.text).toContain('Tableau de bord');
    expect(list.text).not.toContain(token.slice(4));
    const lines = await lab.store.read((tx) => tx.audit.find({ action: 'token.created' }, 1e9, 10));
    expect(lines).toMatchObject([{ actorName: administrator.name, subject: row?.id }]);
    expect(lines[0]?.facts).not.toContain(token.slice(4));
  });

  it('refuses what cannot be, and keeps what was typed', async () => {
    const refused = await lab.post(path, administrator, { ...form, profile: 'health-professional' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('value="Tableau de bord"');
    expect(refused.text).toMatch(/value="files" checked/);
    for (const change of [
      { days: '0' },
      { days: 'x' },
      { days: '731' },
      { scope: [] },
      { profile: 'agency' },
    ])
      expect((await lab.post(path, administrator, { ...form, ...change })).status).toBe(422);
    expect(await lab.store.read(async (tx) => (await tx.tokens.list()).length)).toBe(1);
  });

  it('revokes one with a reason, and once', async () => {
    const [token] = await lab.store.read((tx) => tx.tokens.list());
    const revoke = `${path}/${token?.id}/revoquer`;
    expect((await lab.get(revoke, administrator)).text).toContain('Révoquer le jeton de Tableau de bord');
    expect((await lab.post(revoke, administrator, { reason: '' })).status).toBe(422);
    expect((await lab.post(revoke, administrator, { reason: 'n’est plus utilisé' })).location).toBe(path);
    const after = await lab.store.read((tx) => tx.tokens.get(token?.id ?? ''));
    expect(after?.revokedAt).toBe(lab.clock.now());
    expect((await lab.get(revoke, administrator)).status).toBe(404);
    expect((await lab.post(revoke, administrator, { reason: 'encore' })).status).toBe(404);
    expect((await lab.get(`/en${path}`, administrator)).text).toContain('revoked');
  });
});
