import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Refusal } from '../../../agent/adt/event.ts';
import { refusalSql } from '../../../agent/adt/movement-queries.ts';
import { createMovementStore, type MovementStore } from '../../../agent/adt/movement-store.ts';
import { readAdtText } from '../../../agent/adt/read-adt.ts';
import { openVault } from '../../../agent/assembly/vault.ts';
import { decodeMessages } from '../../../agent/intake/assembled-file.ts';
import { readMessages } from '../../../agent/reader/hl7v2/messages.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { pamText, type PamParts } from '../../support/pam-text.ts';
import { fakeClock, startAt, type FakeClock } from '../agent/support.ts';
import { openDesk, type Desk } from './desk.ts';

const facility = '990000010';
const person = { name: 'CANARINOM', birth: '19510214', sex: 'F', postalCode: '67000', commune: 'ÉVRY' };
const registration = (visit: string, change: Partial<PamParts> = {}): PamParts => ({
  ...{ trigger: 'A04', controlId: `C${visit}`, spokenAt: startAt, patient: `P${visit}`, person },
  visit: { id: visit, patientClass: 'E', arrivalMode: '7' },
  zbe: { id: `M${visit}`, at: startAt, action: 'INSERT' },
  ...change,
});
const good = (visit: string): string => pamText(registration(visit));
const bad = (visit: string): string =>
  pamText(registration(visit, { zbe: { id: '', at: startAt, action: 'INSERT' } }));

interface Wire extends Desk {
  readonly clock: FakeClock;
  readonly store: MovementStore;
  /** Takes a message that some version of the agent refused. */
  readonly refuse: (text: string, refusal?: Partial<Refusal>, source?: string) => void;
  readonly kept: () => number;
}

async function openWire(settings: Readonly<Record<string, unknown>> = {}): Promise<Wire> {
  const desk = openDesk();
  const state = join(desk.root, 'state');
  const source = (name: string, change: Readonly<Record<string, unknown>>) => {
    mkdirSync(join(desk.root, name));
    return { name, folder: join(desk.root, name), facility, mappings: ['pam-fr'], ...change };
  };
  const sources = [
    source('gam', { adt: { listen: { port: 2575 } }, ...settings }),
    source('autre', { mappings: ['rpu-2006'] }),
  ];
  writeFileSync(desk.configFile, JSON.stringify({ state, sources, limits: { freeDiskBytes: 0 } }));
  const clock = fakeClock();
  const vault = await openVault(state, systemRandom);
  const store = createMovementStore({ database: desk.database, vault, clock });
  const refuse: Wire['refuse'] = (text, refusal = {}, from = 'gam') => {
    const read = readAdtText(text).event;
    const { code, segment, field }: Pick<Refusal, 'code' | 'segment' | 'field'> =
      read.kind === 'refused' ? read : { code: 'adt-event-unsupported', segment: 'MSH', field: 9 };
    const event: Refusal = {
      ...{ kind: 'refused', answer: 'AE', code, segment, field, controlId: '' },
      ...refusal,
    };
    store.put([{ source: from, text, event }]);
    clock.pass(60_000);
  };
  const kept = (): number => desk.database.get<{ n: number }>('select count(*) n from adt_refused')?.n ?? -1;
  return { ...desk, clock, store, refuse, kept };
}

describe('refused messages', () => {
  it('are listed by source, newest first, with place and sentence, never their content', async () => {
    const wire = await openWire();
    wire.refuse(bad('CANARI1'));
    wire.refuse(good('CANARI2').replace('ADT^A04^ADT_A01', 'ORU^R01^ORU_R01'));
    wire.refuse(bad('CANARI3'), {}, 'autre');
    const french = await wire.say(['quarantine', 'messages'], { terminal: true });
    const english = await wire.say(['quarantine', 'messages'], { language: 'en' });
    const [shown = ''] = french.out.split('Après une mise à jour');
    expect(shown).toMatch(/^Source +Le +Code +Champ\s+Explication\n/);
    expect(shown).toMatch(/\ngam +21\/01\/2026 12:00 +adt-field-missing +ZBE-1\s+Le champ ZBE-1 est vide\n$/);
    expect(shown.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect(english.out).toMatch(/gam +2026-01-21 12:00 +adt-field-missing +ZBE-1 +Field ZBE-1 is empty\n/);
    const { document } = await wire.ask(['quarantine', 'messages'], { language: 'fr' });
    expect(document).toMatchObject({
      total: 3,
      messages: [
        { source: 'autre', code: 'adt-field-missing' },
        { source: 'gam', code: 'adt-type-unsupported', segment: 'MSH', field: 9, place: 'MSH-9' },
        { source: 'gam', at: new Date(startAt).toISOString(), message: 'Le champ ZBE-1 est vide' },
      ],
    });
    const one = await wire.ask(['quarantine', 'messages', '--source', 'gam', '--limit', '1']);
    expect(one.document).toMatchObject({ total: 2, messages: [{ code: 'adt-type-unsupported' }] });
    const cut = await wire.say(['quarantine', 'messages', '--source', 'gam', '--limit', '1']);
    expect(cut.out).toContain('… et 1 autre(s)');
    const said = french.out + english.out + JSON.stringify(document) + JSON.stringify(one);
    expect(said).not.toMatch(/CANARI|19510214|VRY/);
  });

  it('where none is kept, one sentence says so', async () => {
    const wire = await openWire();
    expect((await wire.say(['quarantine', 'messages'])).out).toBe('Aucun message HL7 refusé n’est gardé.\n');
    const asked = ['quarantine', 'messages', '--out', join(wire.root, 'none.hl7')];
    expect((await wire.ask(asked)).document).toEqual({ total: 0, messages: [] });
    expect(existsSync(join(wire.root, 'none.hl7'))).toBe(false);
    expect((await wire.ask(['quarantine', 'retry', '--source', 'gam', '--yes'])).document).toMatchObject({
      ...{ done: false, kept: 0 },
    });
  });

  it('are written, when asked, to one new file for its owner only, as the source’s files are read; it is audited', async () => {
    for (const encoding of [undefined, 'iso-8859-15']) {
      const wire = await openWire(encoding === undefined ? {} : { encoding });
      // On the network they were Latin-1, and say so.
      const texts = ['V1', 'V2'].map((visit) => bad(visit).replace('UNICODE UTF-8', '8859/1'));
      for (const text of texts) wire.refuse(text);
      wire.refuse(good('CUT'), { code: 'hl7-message-too-long' });
      wire.refuse('no message at all');
      const path = join(wire.root, 'refused.hl7');
      const said = await wire.say(['quarantine', 'messages', '--out', path], { language: 'en' });
      expect(said.code).toBe(0);
      expect(said.out).toContain('2 message(s) written');
      expect(said.out).toContain('patients’ data');
      expect(said.out).toContain('! 2 message(s) are not in it');
      expect(said.out).not.toContain('CANARINOM');
      expect(statSync(path).mode & 0o777).toBe(0o600);

      // As the source's own reader takes it.
      const bytes = readFileSync(path);
      const open = async function* () {
        yield await Promise.resolve(bytes);
      };
      const bounds = { fileBytes: 1e6, signal: new AbortController().signal };
      const decoded = await decodeMessages({ open }, { encoding, mappings: [] }, bounds);
      const found = [];
      for await (const one of readMessages(decoded.texts())) found.push(one);
      expect(found.map((one) => (one.kind === 'message' ? `${one.text}\r` : one.kind))).toEqual(texts);
      expect(texts[0]).toMatch(/8859\/1.*ÉVRY/s);

      const again = await wire.ask(['quarantine', 'messages', '--out', path]);
      expect(again).toMatchObject({
        code: 1,
        document: { error: { code: 'messages-not-written' } },
      });
      expect(readFileSync(path)).toEqual(bytes);
      expect((await wire.ask(['history', '--audit'])).document).toMatchObject({
        audit: [{ action: 'messages', what: `gam → ${path}`, records: 4 }],
      });
      expect(wire.kept()).toBe(4);
    }
  });

  it('of several sources go to several files', async () => {
    const wire = await openWire();
    wire.refuse(bad('V1'));
    wire.refuse(bad('V2'), {}, 'autre');
    const path = join(wire.root, 'refused.hl7');
    const asked = await wire.ask(['quarantine', 'messages', '--out', path]);
    expect(asked.document).toMatchObject({ error: { code: 'messages-several-sources' } });
    expect(existsSync(path)).toBe(false);
    const one = await wire.ask(['quarantine', 'messages', '--source', 'autre', '--out', path]);
    expect(one.document).toEqual({ file: path, source: 'autre', messages: 1, leftOut: 0 });
  });

  it('read again after an update are taken once a person says so; the others keep today’s reason', async () => {
    const wire = await openWire();
    wire.refuse(good('V1'));
    wire.refuse(bad('V2'), { code: 'adt-event-unsupported', segment: 'MSH', field: 9 });
    wire.refuse(good('CUT'), { code: 'hl7-message-too-long' });
    wire.refuse(good('V3'));
    wire.database.run(
      `update adt_refused set sealed = zeroblob(60) where n = (select max(n) from adt_refused)`,
    );
    wire.refuse(good('V1'), {}, 'autre');
    const before = wire.store.counts('gam');
    const retry = ['quarantine', 'retry', '--source', 'gam'];
    const preview = await wire.say(retry, { language: 'en' });
    expect(preview.out).toContain(
      'gam: 4 refused message(s) kept; 1 would be taken today, 1 still refused, 1 kept in part only, 1 damaged',
    );
    expect(preview.out).toContain('--yes');
    expect([wire.kept(), wire.store.hasChanged('gam')]).toEqual([5, false]);
    expect((await wire.ask(retry)).document).toMatchObject({ done: false, taken: 1 });

    const counts = { kept: 4, taken: 1, refused: 1, cut: 1, damaged: 1 };
    expect((await wire.ask([...retry, '--yes'])).document).toEqual({ done: true, ...counts });
    expect([wire.kept(), wire.store.hasChanged('gam'), wire.store.hasChanged('autre')]).toEqual([
      4,
      true,
      false,
    ]);
    expect(wire.store.visit('gam', 'V1')).toMatchObject({ sent: 'no' });
    expect(wire.store.visit('gam', 'CUT')).toBeUndefined();
    expect(wire.store.counts('gam')).toMatchObject({
      ...{ taken: 1, refused: 3, lastAt: before.lastAt },
    });
    const { document } = await wire.ask(['quarantine', 'messages', '--source', 'gam']);
    expect(document['messages']).toMatchObject([
      {},
      { code: 'hl7-message-too-long' },
      { code: 'adt-field-missing', place: 'ZBE-1' },
    ]);
    expect((await wire.ask(['history', '--audit'])).document).toMatchObject({
      audit: [{ action: 'retry', what: 'gam', records: 1 }],
    });
    const again = await wire.say([...retry, '--yes']);
    expect(again.out).toMatch(/^gam : 3 message\(s\) refusé\(s\) gardé\(s\) ; 0 seraient pris/);
    expect(again.out).not.toContain('Rien n’est fait');
  });

  it('that could not be decoded are taken once the source says how', async () => {
    const wire = await openWire({ encoding: 'cp850' });
    const bytes = Buffer.from(good('V1').replace('UNICODE UTF-8', 'PC850'), 'latin1');
    const raw = Buffer.from(bytes.map((byte) => (byte === 0xc9 ? 0x90 : byte))).toString('latin1');
    wire.refuse(raw, { code: 'encoding-unsupported', field: 18 });
    await wire.ask(['quarantine', 'retry', '--source', 'gam', '--yes']);
    expect(wire.kept()).toBe(0);
    const visit = wire.store.visit('gam', 'V1');
    const [movement] = wire.store.movements(visit?.n ?? 0);
    expect(movement?.facts.commune).toBe('ÉVRY');
  });

  it('are left alone where nothing would put them together, and where the key is lost', async () => {
    const wire = await openWire();
    wire.refuse(good('V1'));
    wire.refuse(good('V1'), {}, 'autre');
    const asked = await wire.ask(['quarantine', 'retry', '--source', 'autre', '--yes']);
    expect(asked.document).toMatchObject({ error: { code: 'adt-settings-missing' } });
    const key = join(wire.root, 'state', 'identity', 'local.key');
    rmSync(key);
    const lost = await wire.ask(['quarantine', 'retry', '--source', 'gam', '--yes']);
    expect(lost.document).toMatchObject({ error: { code: 'vault-key-unreadable' } });
    expect([existsSync(key), wire.kept()]).toEqual([false, 2]);
  });

  it('are found by their index', async () => {
    const { database } = await openWire();
    for (const sql of [refusalSql.page, refusalSql.newest, refusalSql.counts]) {
      const values = Array.from({ length: sql.split('?').length - 1 }, () => 1);
      const plan = database.db.prepare(`explain query plan ${sql}`).all(...values) as { detail: string }[];
      expect(plan.map(({ detail }) => detail).join('\n')).toContain('adt_refused_of_source');
    }
  });
});
