import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrolAgain, type Asking } from './asking.ts';
import { createRegion } from '../../../receiver/pki/region-keys.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createPortalLab, viewerAs, type PortalLab } from '../../support/portal/portal-lab.ts';

const admin = viewerAs('regional-operator', { account: 'a-1', administrator: true });
const other = viewerAs('regional-operator', { account: 'a-2', administrator: true });
const finess = '990000010';
let lab: PortalLab;
let asking: Asking;
beforeAll(async () => {
  lab = await createPortalLab();
  const { clock } = lab;
  await createRegion(join(lab.folder, 'keys'), {
    ...{ name: 'Essai', hosts: ['localhost'], clock, random: systemRandom },
  });
  await lab.post('/administration/etablissements', admin, { finess, nom: 'Hôpital A' });
  asking = await enrolAgain(lab, { name: 'Agent A', facilities: [finess], invitedBy: 'a-1' });
}, 30_000);
afterAll(() => lab.close());

describe('a machine that waits to be let in', () => {
  const path = (): string => `/administration/agents/${asking.agent}/admettre`;

  it('is let in by another person, who gives the digest that the hospital reads', async () => {
    expect((await lab.get('/administration', admin)).text).toContain('Attend d’être admis');
    const own = await lab.get(path(), admin);
    expect(own.text).toContain('une autre personne doit admettre');
    expect(own.text).not.toContain('name="empreinte"');
    expect((await lab.post(path(), admin, { empreinte: asking.fingerprint })).status).toBe(422);

    const page = await lab.get(path(), other);
    expect(page.text).toContain('name="empreinte"');
    expect(page.text).not.toContain(asking.fingerprint);
    expect((await lab.post(path(), other, { empreinte: 'ab'.repeat(32) })).status).toBe(422);
    expect(await asking.approved()).toBeNull();
    expect((await lab.post(path(), other, { empreinte: asking.fingerprint })).status).toBe(303);
    expect(await asking.approved()).toBe(asking.fingerprint);
    const [line] = await lab.store.read((tx) => tx.audit.find({ action: 'agent.approve' }, 1000, 1));
    expect(line).toMatchObject({ actorId: 'a-2', subject: asking.agent });
    expect((await lab.get(path(), other)).status).toBe(404);
  });
});

describe('the region’s own keys', () => {
  it('are shown by role, with what is to be typed when one ends soon', async () => {
    const text = async (): Promise<string> => {
      const found = (await lab.get('/administration', admin)).text;
      return found.slice(found.indexOf('id="cles-region"'), found.indexOf('id="cles-region"') + 6000);
    };
    const now = await text();
    for (const role of ['ouverture des plis', 'signature des reçus', 'autorité de certification'])
      expect(now).toContain(role);
    expect(now).not.toContain('key rotate server');
    lab.clock.advance(710 * 86_400_000);
    expect(await text()).toContain('key rotate server');
    expect(await text()).not.toContain('échue');
    lab.clock.advance(30 * 86_400_000);
    expect(await text()).toContain('échue');
  });
});

describe('an update that was given up', () => {
  it('is told beside the version that runs', async () => {
    const at = lab.clock.now();
    const body = { version: '1.4.0', at, feeds: [], rolledBack: { version: '1.5.0', at } };
    await lab.store.transaction((tx) => tx.agents.putHeartbeat(asking.agent, at, JSON.stringify(body)));
    expect((await lab.get('/administration', admin)).text).toContain('La version 1.5.0 n’a pas tenu');
    const page = await lab.get(`/etablissements/${finess}`, admin);
    expect(page.text).toContain('La version 1.5.0 n’a pas tenu');
  });
});

describe('a region that was restored', () => {
  it('says so until a person has confirmed it', async () => {
    const row = {
      backupAt: 1,
      restoredAt: lab.clock.now(),
      knownUntil: null,
      withdrawn: 3,
      erased: 1,
      lostKeys: 0,
    };
    await lab.store.transaction((tx) => tx.restores.put(row));
    for (const path of ['/administration', '/en/administration'])
      expect((await lab.get(path, admin)).text).toContain('id="restauree"');
    expect((await lab.get('/', viewerAs('read-only'))).text).toContain('id="restauree"');
    await lab.store.transaction((tx) => tx.restores.confirm());
    for (const path of ['/administration', '/'])
      expect((await lab.get(path, admin)).text).not.toContain('id="restauree"');
  });
});
