import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegion } from '../../../receiver/pki/region-keys.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { parseEnrolmentCode } from '../../../shared/protocol/enrolment-code.ts';
import { createPortalLab, viewerAs, type PortalLab } from '../../support/portal/portal-lab.ts';

const admin = viewerAs('regional-operator', { account: 'a-1', administrator: true });
const [first, second] = ['990000010', '990000028'];
let lab: PortalLab;
beforeAll(async () => {
  lab = await createPortalLab({
    settings: { watching: { graceMinutes: 45, facilities: { [first]: { before: '06:30', zone: 'B' } } } },
  });
  const { clock } = lab;
  await createRegion(join(lab.folder, 'keys'), {
    ...{ name: 'Essai', hosts: ['localhost'], clock, random: systemRandom },
  });
});
afterAll(() => lab.close());

const lines = () => lab.store.read((tx) => tx.audit.find({}, 1000, 100));
const agents = () => lab.store.read((tx) => tx.agents.list());

describe('administration', () => {
  it('is for whoever administers', async () => {
    for (const profile of [
      'regional-operator',
      'auditor',
      'read-only',
      'hospital-admin',
      'agency',
    ] as const) {
      const viewer = viewerAs(profile);
      expect((await lab.get('/administration', viewer)).status).toBe(404);
      for (const path of ['agents', 'etablissements', 'rattachements', 'cles'])
        expect((await lab.post(`/administration/${path}`, viewer)).status).toBe(404);
    }
    expect(await lines()).toEqual([]);
  });

  it('leads back to a page there is from what it refuses', async () => {
    const refused = await lab.post('/administration/agents', admin, { nom: 'X', finess: '123' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('class="btn" href="/administration"');
    const english = await lab.post('/en/administration/agents', admin, { nom: 'X', finess: '123' });
    expect(english.text).toContain('class="btn" href="/en/administration"');
  });

  it('registers and renames a facility', async () => {
    const form = { finess: first, nom: 'Hôpital <A>' };
    expect(
      (await lab.post('/administration/etablissements', admin, { ...form, finess: '990000011' })).status,
    ).toBe(422);
    expect((await lab.post('/administration/etablissements', admin, form)).status).toBe(303);
    await lab.post('/administration/etablissements', admin, { ...form, nom: 'Hôpital A' });
    await lab.post('/administration/etablissements', admin, { finess: second, nom: 'Hôpital B' });
    const { text } = await lab.get('/administration', admin);
    expect(text).toContain('Hôpital A');
    expect((await lines()).map(({ action, actorId }) => [action, actorId])).toEqual([
      ['facility.add', 'a-1'],
      ['facility.rename', 'a-1'],
      ['facility.add', 'a-1'],
    ]);
  });

  it('shows a code once, and keeps only what is derived from it', async () => {
    const { status, text } = await lab.post('/administration/agents', admin, {
      nom: 'Agent A',
      finess: first,
    });
    expect(status).toBe(200);
    const code = /readonly>([^<]+)</.exec(text)?.[1] ?? '';
    expect(parseEnrolmentCode(code)).toMatchObject({ agent: (await agents())[0]?.id });
    expect((await lab.get('/administration', admin)).text).not.toContain(code);
    expect(JSON.stringify(await lines())).not.toContain(code);
    expect((await lines())[0]).toMatchObject({ action: 'agent.invite', facility: first });
    const replaced = await lab.post(`/administration/agents/${(await agents())[0]?.id ?? ''}/code`, admin);
    expect(replaced.text).toContain('Code d’installation de Agent A');
    expect((await lab.post('/administration/agents', admin, { nom: '', finess: first })).status).toBe(422);
  });

  it('revokes an agent whose FINESS is typed, with a reason', async () => {
    const path = `/administration/agents/${(await agents())[0]?.id ?? ''}/revoquer`;
    expect((await lab.get(path, admin)).text).toContain(`Tapez ${first} pour confirmer`);
    expect((await lab.post(path, admin, { preuve: second, motif: 'vol' })).status).toBe(422);
    expect((await lab.post(path, admin, { preuve: first, motif: ' ' })).status).toBe(422);
    expect((await agents())[0]?.status).toBe('invited');
    expect((await lab.post(path, admin, { preuve: first, motif: 'machine volée' })).status).toBe(303);
    expect((await agents())[0]?.status).toBe('revoked');
    expect((await lines())[0]).toMatchObject({ action: 'agent.revoke', reason: 'machine volée' });
    expect((await lab.get('/administration/agents/x/revoquer', admin)).status).toBe(404);
  });

  it('joins two numbers when the old one is typed twice', async () => {
    const form = { ancien: first, nouveau: second, jour: '2026-11-01', motif: 'fusion' };
    const joined = (more: object) => lab.post('/administration/rattachements', admin, { ...form, ...more });
    expect((await joined({ preuve: second })).status).toBe(422);
    expect((await joined({ preuve: first, motif: '' })).status).toBe(422);
    expect((await joined({ preuve: first })).status).toBe(303);
    expect((await lines())[0]).toMatchObject({ action: 'facility.alias', subject: first, reason: 'fusion' });
    expect((await lab.get('/administration', admin)).text).toContain(`devenu ${second} le 2026-11-01`);
  });

  it('shows the rules in force and says where they are set', async () => {
    const { text } = await lab.get('/administration', admin);
    expect(text).toContain('06:30');
    expect(text).toContain('45 min');
    expect(text).toContain('section watching');
  });

  it('writes nothing that a page did not ask for', async () => {
    const count = (await lines()).length;
    await lab.get('/administration', admin);
    await lab.post('/administration/cles', admin, { destination: 'none', empreinte: 'x' });
    expect(await lines()).toHaveLength(count);
  });
});
