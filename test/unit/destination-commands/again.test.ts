import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acknowledgeDispatch, refuseDispatch } from '../../../receiver/commands/destination-answer.ts';
import { approveDestinationKey, showKey } from '../../../receiver/commands/destination-key.ts';
import { listDestinations } from '../../../receiver/commands/destination-list.ts';
import { showReadiness } from '../../../receiver/commands/destination-readiness.ts';
import { replayDays, retryDestination } from '../../../receiver/commands/destination-replay.ts';
import { deliveryReceipt } from '../../../shared/protocol/receipts.ts';
import { dayToFrench, dayToIso, parseFrenchDateTime, type Day } from '../../../shared/runtime/paris-time.ts';
import { openRig, type Rig } from '../apply/rig.ts';
import { createFolder, openPgpKeys } from '../protection/agency.ts';
import { facility } from '../receiver/lab.ts';
import { agentId, day, noon, openControlRoom, type ControlRoom } from './control-room.ts';

let room: ControlRoom;
let rig: Rig;
const folder = createFolder();

beforeAll(async () => {
  room = await openControlRoom();
  rig = await openRig({ store: room.lab.store });
  // Its own destination of composed dispatches is not one of these tests.
  for (const [on, count] of [
    ['2026-01-18', 2],
    ['2026-01-19', 3],
    ['2026-01-20', 1],
  ] as const)
    await rig.send(wholeDay(day(on), count));
  room.configure({ name: 'national' }, { name: 'second' });
});
afterAll(async () => {
  folder.remove();
  await room.close();
});

function visit(on: Day, n: number, change: Record<string, unknown> = {}): string {
  const text = `${dayToFrench(on)} 10:${String(n).padStart(2, '0')}`;
  return JSON.stringify({
    facility,
    sex: 'F',
    ...change,
    arrivedAt: { text, at: parseFrenchDateTime(text)?.at },
  });
}

function wholeDay(on: Day, count: number, change?: Record<string, unknown>) {
  const bodies = Array.from({ length: count }, (_, n) => visit(on, n, change));
  const iso = dayToIso(on);
  const extract = { text: 'x', at: (on + 1) * 86_400_000 + 3_600_000 };
  return { bodies, manifest: { window: { from: iso, to: iso }, extract } };
}

const countsOf = (name: string) => room.lab.store.read((tx) => tx.dispatches.countsOf(name));
const receiptsOf = async (agent: string, file: string) => {
  const rows = await room.lab.store.read((tx) => tx.receipts.after(agent, 0, 500));
  const found = [];
  for (const { text, proof } of rows) {
    const claims = JSON.parse(text) as { dispatch?: string };
    if (claims.dispatch !== file) continue;
    const [jws] = await room.lab.store.read((tx) => tx.receipts.proofs([proof]));
    found.push(deliveryReceipt.parse(await room.lab.verifier.verify(text, jws?.jws ?? '')));
  }
  return found;
};

describe('a replay', () => {
  const days = { from: '2026-01-18', to: '2026-01-20', facilities: [] };

  it('is only told without --yes: nothing is composed', async () => {
    const { code, text, document } = await room.ask(replayDays, { names: 'second', ...days });
    expect(code).toBe(0);
    expect(text).toContain(
      'second, du 18/01/2026 au 20/01/2026 : 1 fichier(s), 1 établissement(s), 6 enregistrement(s) ; déjà acquittés : 0',
    );
    expect(text).toContain('--yes');
    expect(document).toMatchObject({ done: false, destinations: [{ name: 'second', files: 1, records: 6 }] });
    expect(await countsOf('second')).toMatchObject({ waiting: 0 });
  });

  it('composes for the destinations named, and for no other', async () => {
    const before = await countsOf('national');
    const { document } = await room.ask(replayDays, { names: 'second', ...days, yes: true });
    expect(document).toMatchObject({
      done: true,
      destinations: [{ name: 'second', files: 1, facilities: 1 }],
    });
    expect(await countsOf('second')).toMatchObject({ waiting: 1 });
    expect(await countsOf('national')).toEqual(before);
  });

  it('takes some facilities only, which must be registered', async () => {
    const other = '990000028';
    await expect(
      room.ask(replayDays, { names: 'second', ...days, facilities: [other], yes: true }),
    ).rejects.toMatchObject({ code: 'replay-facility-unknown', facts: { facility: other } });
    await room.lab.store.transaction((tx) =>
      tx.facilities.put({ finess: other, name: 'Other', key: Buffer.alloc(32, 1), addedAt: noon }),
    );
    expect(await room.ask(replayDays, { names: 'second', ...days, facilities: [other] })).toMatchObject({
      document: { destinations: [{ files: 0, facilities: 0 }] },
    });
  });

  it.each([
    { from: '2026-01-20', to: '2026-01-18' },
    { from: '20/01/2026', to: '2026-01-21' },
    { from: '2026-02-30', to: '2026-03-01' },
  ])('refuses days that are none: %j', async (wrong) => {
    await expect(
      room.ask(replayDays, { names: 'second', ...wrong, facilities: [], yes: true }),
    ).rejects.toMatchObject({ code: 'command-invalid' });
  });
});

describe('a retry of dispatches', () => {
  it('composes again what was refused, from what is held now, and it stops asking for somebody', async () => {
    room.configure({ name: 'again' });
    await room.compose('again', ['refused-one'], {
      from: '2026-01-19',
      state: 'refused',
      sentAt: noon,
      code: 'E1',
    });
    expect((await room.ask(listDestinations, {})).document).toMatchObject({ destinations: [{ refused: 1 }] });
    const { code, document, text } = await room.ask(retryDestination, {
      name: 'again',
      files: ['refused-one'],
    });
    expect(code).toBe(0);
    const [made] = (document['composed'] as { files: string[] }[])[0]?.files ?? [];
    expect(text).toContain(
      `refused-one : composé à nouveau d’après ce que la région tient maintenant → ${made ?? ''}`,
    );
    const row = await room.row('again', made ?? '');
    expect(row).toMatchObject({ state: 'waiting', records: 3, cause: 'replay', from: day('2026-01-19') });
    expect((await room.row('again', 'refused-one')).state).toBe('refused');
    expect((await room.ask(listDestinations, {})).document).toMatchObject({ destinations: [{ refused: 0 }] });
    await room.clear();
  });

  it.each([
    { changed: 'facility', settings: { facilities: ['990000028'] } },
    { changed: 'feed', settings: { feed: 'bed-availability', format: 'beds-json' } },
  ])('gives nothing new to a destination whose $changed is another now', async ({ changed, settings }) => {
    const name = `other-${changed}`;
    room.configure({ name });
    await room.compose(name, ['was-theirs'], { from: '2026-01-19', state: 'refused', code: 'E1' });
    room.configure({ name, ...settings });
    await expect(room.ask(retryDestination, { name, files: ['was-theirs'] })).rejects.toMatchObject({
      code: 'dispatch-not-taken',
      facts: { destination: name, facility: '990000010', feed: 'ed-visits' },
    });
    expect(await room.row(name, 'was-theirs')).toMatchObject({ state: 'refused', code: 'E1' });
    expect(await countsOf(name)).toMatchObject({ waiting: 0 });
  });

  it('does all of what it is asked, or nothing', async () => {
    room.configure({ name: 'whole' });
    await room.compose('whole', ['dead-one'], { state: 'dead', code: 'dispatch-set-aside' });
    await room.compose('whole', ['sent-one'], { state: 'sent', sentAt: noon });
    await expect(
      room.ask(retryDestination, { name: 'whole', files: ['dead-one', 'sent-one'] }),
    ).rejects.toMatchObject({ code: 'dispatch-not-set-aside' });
    expect(await countsOf('whole')).toMatchObject({ waiting: 0 });
    expect((await room.row('whole', 'dead-one')).code).toBe('dispatch-set-aside');
  });
});

describe('an answer by a person', () => {
  it('gives the hospital its signed receipt, once', async () => {
    room.configure({ name: 'clicked', acknowledgement: { kind: 'person' } });
    await room.compose('clicked', ['taken'], { state: 'sent', sentAt: noon });
    const first = await room.ask(acknowledgeDispatch, { name: 'clicked', file: 'taken' });
    expect(first).toMatchObject({
      text: 'taken : acquitté, dit à 1 agent(s)',
      document: { state: 'acknowledged', agents: 1 },
    });
    expect(await receiptsOf(agentId, 'taken')).toMatchObject([
      { kind: 'acknowledged', destination: 'clicked' },
    ]);
    const second = await room.ask(acknowledgeDispatch, { name: 'clicked', file: 'taken' });
    expect(second.text).toBe('taken : déjà acquitté');
    expect(await receiptsOf(agentId, 'taken')).toHaveLength(1);
  });

  it('may be a refusal, under the agency’s own code', async () => {
    room.configure({ name: 'clicked' });
    await room.compose('clicked', ['not-taken.xml'], { state: 'sent', sentAt: noon });
    await room.ask(refuseDispatch, { name: 'clicked', file: 'not-taken.xml.zip.gpg', code: 'E-12' });
    expect(await room.row('clicked', 'not-taken.xml')).toMatchObject({ state: 'refused', code: 'E-12' });
    expect(await receiptsOf(agentId, 'not-taken.xml')).toMatchObject([{ kind: 'refused', code: 'E-12' }]);
  });

  it.each(['', 'two words', 'é', 'x'.repeat(65)])('refuses a code that is none: %j', async (code) => {
    await expect(room.ask(refuseDispatch, { name: 'clicked', file: 'taken', code })).rejects.toMatchObject({
      code: 'command-invalid',
    });
  });

  it('is not taken for a dispatch that never left', async () => {
    room.configure({ name: 'clicked' });
    await room.compose('clicked', ['here']);
    await expect(room.ask(acknowledgeDispatch, { name: 'clicked', file: 'here' })).rejects.toMatchObject({
      code: 'dispatch-not-sent',
      facts: { stateFr: 'en attente' },
    });
    expect((await room.row('clicked', 'here')).state).toBe('waiting');
    expect(await receiptsOf(agentId, 'here')).toEqual([]);
    await room.clear();
  });
});

describe('the key of an agency', () => {
  it('is shown with its people, and is good once two of them vouch for it', async () => {
    const keys = await openPgpKeys();
    room.configure({
      name: 'sealed',
      protection: {
        kind: 'openpgp',
        keyFile: folder.file('agency.asc', keys.armored),
        fingerprint: keys.fingerprint,
      },
    });
    const shown = await room.ask(showKey, { name: 'sealed' });
    expect(shown).toMatchObject({
      code: 1,
      document: { fingerprint: keys.fingerprint, missing: 2, approvals: [] },
    });
    expect(shown.text).toContain('sans date de fin');
    expect((await room.ask(listDestinations, {})).text).toContain(
      'La clé de sealed n’est approuvée que par 0 personne(s) sur 2 : rien ne part',
    );
    const approve = (by: string) =>
      room.ask(approveDestinationKey, { name: 'sealed', fingerprint: keys.fingerprint, by });
    expect((await approve('Ana')).text).toContain('Il manque 1 personne(s)');
    expect((await approve('ana ')).document).toMatchObject({ missing: 1 });
    expect((await approve('Bob')).text).toContain('Deux personnes s’en portent garantes');
    const after = await room.ask(showKey, { name: 'sealed' });
    expect(after).toMatchObject({
      code: 0,
      document: {
        missing: 0,
        approvals: [{ person: 'Ana', at: '2026-01-21T11:00:00.000Z' }, { person: 'Bob' }],
      },
    });
    expect(after.text).toContain('approuvée par Bob le 21/01/2026 12:00');
    expect(await room.ask(listDestinations, {})).toMatchObject({ code: 0 });
  });

  it('that another fingerprint was typed for is not approved', async () => {
    await expect(
      room.ask(approveDestinationKey, { name: 'sealed', fingerprint: '0'.repeat(40), by: 'Eve' }),
    ).rejects.toMatchObject({ code: 'agency-key-other' });
  });

  it('is told when it expires within thirty days', async () => {
    const keys = await openPgpKeys({ keyExpirationTime: 30 * 86_400 });
    room.configure({
      name: 'short',
      protection: {
        kind: 'openpgp',
        keyFile: folder.file('short.asc', keys.armored),
        fingerprint: keys.fingerprint,
      },
    });
    for (const by of ['Ana', 'Bob'])
      await room.ask(approveDestinationKey, { name: 'short', fingerprint: keys.fingerprint, by });
    const { code, text } = await room.ask(listDestinations, {});
    expect(code).toBe(1);
    expect(text).toContain('La clé de short expire le 04/02/2026 09:00');
  });

  it('that the settings do not name is offered to nobody for approval', async () => {
    const [named, put] = [await openPgpKeys(), await openPgpKeys()];
    const keyFile = folder.file('swapped.asc', put.armored);
    room.configure({
      ...{ name: 'swapped', protection: { kind: 'openpgp', keyFile, fingerprint: named.fingerprint } },
    });
    const { code, text, document } = await room.ask(showKey, { name: 'swapped' });
    expect(code).toBe(1);
    expect(document).toMatchObject({ error: { code: 'agency-key-swapped' } });
    expect(text).toContain(`empreinte ${put.fingerprint}, attendue ${named.fingerprint}`);
    expect(text).not.toContain('approve-key');
    expect((await room.ask(listDestinations, {})).text).toContain(
      `La clé ${keyFile} de la destination swapped n’est pas celle de la configuration : empreinte ${put.fingerprint}, attendue ${named.fingerprint}`,
    );
  });

  it('that has expired is said to be, whoever vouches for it', async () => {
    const keys = await openPgpKeys({ keyExpirationTime: 10 * 86_400 });
    room.configure({
      name: 'ended',
      protection: {
        kind: 'openpgp',
        keyFile: folder.file('ended.asc', keys.armored),
        fingerprint: keys.fingerprint,
      },
    });
    const approve = (by: string) =>
      room.ask(approveDestinationKey, { name: 'ended', fingerprint: keys.fingerprint, by });
    expect((await approve('Ana')).text).toContain('est expirée depuis le 15/01/2026 09:00');
    const last = await approve('Bob');
    expect(last.text).toContain('[agency-key-expired]');
    expect(last.text).not.toContain('les envois sont scellés avec elle');
    const shown = await room.ask(showKey, { name: 'ended' });
    expect(shown).toMatchObject({ code: 1, document: { error: { code: 'agency-key-expired' } } });
    expect(shown.text).toContain('EXPIRÉE depuis le 15/01/2026 09:00');
    expect((await room.ask(listDestinations, {})).text).toContain('expirée depuis le 15/01/2026 09:00 [');
  });

  it('is nothing where dispatches leave unsealed', async () => {
    room.configure({ name: 'open' });
    await expect(room.ask(showKey, { name: 'open' })).rejects.toMatchObject({ code: 'agency-key-none' });
  });
});

describe('readiness for a next version', () => {
  const coming = { version: '2006', from: '2026-03-01', doubleRun: 'beside' };

  it('names the hospitals whose records would lose something, and what', async () => {
    await rig.send(wholeDay(day('2026-01-17'), 4, { origin: '6' }));
    room.configure(
      { name: 'moving', format: { name: 'oscour-xml', version: '2013', next: coming } },
      { name: 'beside', format: { name: 'oscour-xml', version: '2006' } },
    );
    const { code, text, document } = await room.ask(showReadiness, { name: 'moving', days: '7' });
    expect(code).toBe(1);
    expect(text).toContain('moving : version 2006 à partir du 01/03/2026, 7 dernier(s) jour(s)');
    expect(text).toMatch(/990000010 {2}.* : 4 enregistrement\(s\) sur 10 y perdraient PROVENANCE \(4\)/);
    expect(document).toMatchObject({ from: '2026-01-14', to: '2026-01-20', ready: 0 });
    const lately = await room.ask(showReadiness, { name: 'moving', days: '3' });
    expect(lately).toMatchObject({ code: 0, document: { from: '2026-01-18', ready: 1 } });
  });

  it('needs a next version', async () => {
    await expect(room.ask(showReadiness, { name: 'beside', days: '7' })).rejects.toMatchObject({
      code: 'destination-without-next',
    });
  });
});
