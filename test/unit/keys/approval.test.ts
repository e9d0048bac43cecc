import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enroll } from '../../../agent/enrolment/enroll.ts';
import { loadIdentity } from '../../../agent/enrolment/identity.ts';
import { approveAgent, inviteAgent } from '../../../receiver/auth/enrolment.ts';
import { invite, listAgents } from '../../../receiver/commands/agent.ts';
import { invitationSheet } from '../../../receiver/commands/invitation-sheet.ts';
import { parseEnrolmentCode } from '../../../shared/protocol/enrolment-code.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { openDoors, type RegionDoors } from '../../support/region-doors.ts';
import { faultOf } from '../envelope/sealed.ts';
import { facility } from '../receiver/lab.ts';
import { keyLabOf } from './lab.ts';

let doors: RegionDoors;
let folder: string;
beforeAll(async () => {
  doors = await openDoors(Date.now());
  folder = mkdtempSync(join(tmpdir(), 'vgm-approval-'));
});
afterAll(async () => {
  await doors.close();
  rmSync(folder, { recursive: true });
});

const approveAs = (actor: string, agent: string, fingerprint: string) =>
  approveAgent(
    { agent, fingerprint },
    { store: doors.lab.store, clock: doors.lab.clock, actor, writeDown: async () => undefined },
  );

describe('an invitation that a second person must approve', () => {
  it('lets in the machine whose fingerprint is read aloud, and no other', async () => {
    const { store, clock, region } = doors.lab;
    const deps = { store, clock, random: systemRandom, rootDigest: region.rootDigest };
    const { agent, code } = await inviteAgent(
      { name: 'Seconde', facilities: [facility] },
      { ...deps, approvedByOther: 'alice' },
    );
    expect(await faultOf(() => approveAs('bruno', agent, 'abcd'))).toBe('enrolment-not-asked');

    let told: (fingerprint: string) => void = () => undefined;
    const asking = new Promise<string>((resolve) => (told = resolve));
    const state = join(folder, 'second');
    const enrolling = enroll({
      ...{ url: doors.enrolmentUrl(), code, state, proxy: undefined, replace: false },
      onAwaiting: (said) => told(said),
    });
    const fingerprint = await asking;
    expect(fingerprint).toMatch(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
    expect(existsSync(join(state, 'identity', 'grant.json'))).toBe(false);
    const keys = keyLabOf(doors.lab);
    expect((await listAgents(keys.context)).lines.join('\n')).toContain('attend d’être admis');

    expect(await faultOf(() => approveAs('alice', agent, fingerprint))).toBe('enrolment-approval-own');
    expect(await faultOf(() => approveAs('bruno', agent, fingerprint.replace(/^./, 'x')))).toBe(
      'enrolment-fingerprint-other',
    );
    await approveAs('bruno', agent, fingerprint.toUpperCase().replaceAll(' ', ''));
    await enrolling;
    expect((await loadIdentity(state)).name).toBe('Seconde');
    // Once.
    const again = { url: doors.enrolmentUrl(), code, proxy: undefined, replace: false };
    expect(await faultOf(() => enroll({ ...again, state: join(folder, 'again') }))).toBe('enrolment-refused');
  });
});

describe('the sheet of an invitation', () => {
  it('is written once, holds the code in groups and as a drawing, and the code stands nowhere else', async () => {
    const keys = keyLabOf(doors.lab);
    const path = join(folder, 'sheet.html');
    const answer = await invite(keys.context, { name: 'CH <Essai>', facilities: [facility], sheet: path });
    const page = readFileSync(path, 'utf8');
    const shown = /<p class="code">([^<]+)<\/p>/.exec(page)?.[1] ?? '';
    const { agent, token } = parseEnrolmentCode(shown);
    expect((answer.document as { agent: string }).agent).toBe(agent);
    expect(page).toContain('<svg class="qr"');
    expect(page).toContain('CH &lt;Essai&gt;');
    expect(page).not.toContain('<script');
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    const code = shown.replaceAll(' ', '');
    expect(JSON.stringify(answer)).not.toContain(code.slice(40, 70));
    const kept = await doors.lab.store.read((tx) => tx.agents.invitation(agent));
    expect(kept?.tokenKey.equals(token)).toBe(false);

    expect(
      await faultOf(() => invite(keys.context, { name: 'Autre', facilities: [facility], sheet: path })),
    ).toBe('invitation-sheet-unwritable');
    expect(readFileSync(path, 'utf8')).toBe(page);
    const lost = join(folder, 'lost.html');
    expect(await faultOf(() => invite(keys.context, { agent: 'nobody', facilities: [], sheet: lost }))).toBe(
      'agent-unknown',
    );
    expect(existsSync(lost)).toBe(false);
  });

  it('speaks either language, and tells of the fingerprint where it is needed', () => {
    const sheet = {
      region: 'R',
      name: 'N',
      facilities: ['f'],
      code: 'vgm1.aaaa',
      expiresAt: 0,
      url: 'https://r:1',
    };
    expect(invitationSheet({ ...sheet, approval: true }, 'fr')).toContain('une empreinte');
    expect(invitationSheet({ ...sheet, approval: false }, 'en')).not.toContain('fingerprint');
    expect(invitationSheet({ ...sheet, approval: false }, 'en')).toContain('Destroy this sheet');
  });
});
