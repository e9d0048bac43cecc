import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tryLock } from '../../../agent/health/state-lock.ts';
import { openAgentDatabase } from '../../../agent/outbox/database.ts';
import { createNotes } from '../../../agent/outbox/notes.ts';
import { schemaVersion } from '../../../shared/runtime/sqlite.ts';
import { layVersion, releaseOf, sequenceOf } from '../release/homes.ts';
import { filesOf, jsonAt, listed, makeLab, makeUpdate, schema, update, type Lab } from './lab.ts';

const schemaOf = ({ database }: Lab) => {
  const open = openAgentDatabase(database, { readonly: true });
  const found = schemaVersion(open.db).version;
  open.close();
  return found;
};

describe('a good update', () => {
  it('is verified, tried on a copy, put in place, and says that it is well', async () => {
    const lab = await makeLab();
    const files = filesOf('0.2.0', { schema: schema + 1, floor: schema });
    const answer = await update(lab, { file: makeUpdate(lab, '0.2.0', { files }), yes: true });
    expect(answer).toMatchObject({ end: 0 });
    expect(answer.out).toContain('Version 0.2.0 runs and is well.');
    expect(answer.out).toContain(`from schema ${schema} to schema ${schema + 1}`);
    expect(lab.runs()).toBe('0.2.0');
    expect(lab.service.restarts).toBe(1);
    const sequence = sequenceOf('0.2.0');
    expect(lab.current()).toMatchObject({
      version: '0.2.0',
      previous: '0.1.0',
      packaged: '0.1.0',
      reached: true,
      sequence,
      highest: sequence,
    });
    expect(lab.laid()).toEqual(['0.2.0']);
    // The memory itself was read only, and nothing of the trial is left.
    expect(schemaOf(lab)).toBe(schema);
    expect(listed(lab.state).filter((name) => name.startsWith('selftest-'))).toEqual([]);
  });

  it('given twice, is in place already', async () => {
    const lab = await makeLab();
    const file = makeUpdate(lab, '0.2.0');
    await update(lab, { file, yes: true });
    const again = await update(lab, { file, yes: true }, { json: true });
    expect(again.end).toBe(0);
    expect(JSON.parse(again.out)).toEqual({ outcome: 'already', version: '0.2.0' });
    expect(lab.service.restarts).toBe(1);
  });

  it('while the service is stopped waits for its next start', async () => {
    const lab = await makeLab();
    lab.service.running = false;
    const answer = await update(lab, { file: makeUpdate(lab, '0.2.0'), yes: true });
    expect(answer).toMatchObject({ end: 0 });
    expect(answer.out).toContain('its next start will be with this one');
    expect(lab.service.restarts).toBe(0);
    expect(lab.runs()).toBe('0.2.0');
  });

  it('remembers that the region was out of reach before, and why: the new version is not to be blamed', async () => {
    const lab = await makeLab();
    const memory = openAgentDatabase(lab.database);
    createNotes(memory).put('contact-problem', { code: 'receiver-unreachable', since: 1 });
    memory.close();
    await update(lab, { file: makeUpdate(lab, '0.2.0'), yes: true });
    expect(lab.current()).toMatchObject({ reached: false, problem: 'receiver-unreachable' });
  });

  it('before a first configuration has no memory to be tried on', async () => {
    const lab = await makeLab();
    const config = join(lab.root, 'none.yaml');
    expect((await update(lab, { file: makeUpdate(lab, '0.2.0'), yes: true, config })).end).toBe(0);
    expect(lab.runs()).toBe('0.2.0');
  });

  it('keeps the version before it, and nothing older', async () => {
    const lab = await makeLab();
    for (const version of ['0.2.0', '0.3.0', '0.4.0'])
      expect((await update(lab, { file: makeUpdate(lab, version), yes: true })).end).toBe(0);
    expect(lab.laid()).toEqual(['0.3.0', '0.4.0']);
    expect(lab.current()?.previous).toBe('0.3.0');
  });
});

describe('a person’s word', () => {
  it('is asked for: no leaves it prepared, yes applies it', async () => {
    const lab = await makeLab();
    const file = makeUpdate(lab, '0.2.0');
    const no = await update(lab, { file }, { answer: 'n' });
    expect(no).toMatchObject({ end: 0 });
    expect(no.out).toContain('To apply it: update --apply');
    expect(lab.runs()).toBe('0.1.0');
    expect((await update(lab, { file }, { answer: 'o' })).end).toBe(0);
    expect(lab.runs()).toBe('0.2.0');
  });

  it('cannot be had in a pipe: exit code 2, and what runs stays', async () => {
    const lab = await makeLab();
    const answer = await update(lab, { file: makeUpdate(lab, '0.2.0') });
    expect(answer.end).toBe(2);
    expect(answer.notes).toContain('--yes');
    expect([lab.runs(), lab.current(), lab.service.restarts]).toEqual(['0.1.0', undefined, 0]);
  });

  it('and a command line that asks for nothing, or for two things, is none', async () => {
    const lab = await makeLab();
    expect((await update(lab, { yes: true })).end).toBe(2);
    expect((await update(lab, { apply: true, back: true })).end).toBe(2);
  });
});

describe('prepared now, applied later', () => {
  it('in two steps', async () => {
    const lab = await makeLab();
    expect((await update(lab, { apply: true, yes: true })).end).toBe('update-nothing-staged');
    expect((await update(lab, { file: makeUpdate(lab, '0.2.0'), stage: true })).end).toBe(0);
    expect([lab.runs(), lab.service.restarts]).toEqual(['0.1.0', 0]);
    const status = await update(lab, { status: true }, { json: true });
    expect(JSON.parse(status.out)).toMatchObject({
      version: '0.1.0',
      staged: { version: '0.2.0' },
      keys: ['vendor.pem'],
    });
    expect((await update(lab, { apply: true, yes: true })).end).toBe(0);
    expect(lab.runs()).toBe('0.2.0');
    expect((await update(lab, { apply: true, yes: true })).end).toBe('update-nothing-staged');
  });

  it('what was changed in between is not believed', async () => {
    const lab = await makeLab();
    await update(lab, { file: makeUpdate(lab, '0.2.0'), stage: true });
    const path = join(lab.releases, 'versions/0.2.0/main.mjs');
    writeFileSync(path, readFileSync(path, 'utf8').replace('facts', 'FACTS'));
    expect((await update(lab, { apply: true, yes: true })).end).toBe('update-file-altered');
    expect(lab.runs()).toBe('0.1.0');
  });
});

describe('an update that does not start well', () => {
  const broken = filesOf('0.2.0', { well: false });

  it('is taken back after three starts, and that is said', async () => {
    const lab = await makeLab();
    const answer = await update(lab, { file: makeUpdate(lab, '0.2.0', { files: broken }), yes: true });
    expect(answer).toMatchObject({
      end: 'update-rolled-back',
      facts: { version: '0.2.0', running: '0.1.0' },
    });
    expect(lab.runs()).toBe('0.1.0');
    const status = await update(lab, { status: true });
    expect(status.out).toContain('update 0.2.0 did not start well');
  });

  it('may be tried again, which is three more starts; a mended one follows it', async () => {
    const lab = await makeLab();
    const file = makeUpdate(lab, '0.2.0', { files: broken });
    await update(lab, { file, yes: true });
    expect((await update(lab, { file, yes: true })).end).toBe('update-rolled-back');
    expect(lab.service.restarts).toBe(2);
    expect((await update(lab, { file: makeUpdate(lab, '0.2.1'), yes: true })).end).toBe(0);
    expect(lab.current()).toMatchObject({ version: '0.2.1', previous: '0.1.0' });
    expect(lab.laid()).toEqual(['0.2.1']);
  });

  it('its replacement falls back to what was well, not to it', async () => {
    const lab = await makeLab();
    await update(lab, { file: makeUpdate(lab, '0.2.0'), yes: true });
    await update(lab, {
      file: makeUpdate(lab, '0.3.0', { files: filesOf('0.3.0', { well: false }) }),
      yes: true,
      wait: false,
    });
    lab.service.running = false;
    await update(lab, { file: makeUpdate(lab, '0.4.0'), yes: true });
    expect(lab.current()).toMatchObject({ version: '0.4.0', previous: '0.2.0' });
  });

  it('nor is one a way back that has not shown yet that it is well', async () => {
    const lab = await makeLab();
    lab.service.running = false;
    for (const version of ['0.2.0', '0.3.0'])
      expect((await update(lab, { file: makeUpdate(lab, version), yes: true })).end).toBe(0);
    expect(lab.current()).toMatchObject({ version: '0.3.0', previous: '0.1.0' });
  });

  it('kept as it is, the version before runs without a word of it', async () => {
    const lab = await makeLab();
    await update(lab, { file: makeUpdate(lab, '0.2.0', { files: broken }), yes: true });
    const kept = await update(lab, { back: true, yes: true });
    expect(kept).toMatchObject({ end: 0 });
    expect(kept.out).toContain('Version 0.1.0 stays in place');
    expect(lab.current()).toMatchObject({ version: '0.1.0', highest: sequenceOf('0.2.0') });
    expect((await update(lab, { back: true, yes: true })).end).toBe('update-nothing-before');
  });
});

describe('going back', () => {
  it('is to the version before, without a trial, and forward again', async () => {
    const lab = await makeLab();
    expect((await update(lab, { back: true, yes: true })).end).toBe('update-nothing-before');
    const file = makeUpdate(lab, '0.2.0');
    await update(lab, { file, yes: true });
    expect((await update(lab, { back: true })).end).toBe(2);
    expect((await update(lab, { back: true, yes: true })).end).toBe(0);
    expect([lab.runs(), lab.service.restarts]).toEqual(['0.1.0', 2]);
    expect(jsonAt(lab.trial)).toMatchObject({ version: '0.1.0', healthy: true });
    expect((await update(lab, { back: true, yes: true })).end).toBe(0);
    expect(lab.runs()).toBe('0.2.0');
    await update(lab, { back: true, yes: true });
    expect((await update(lab, { file, yes: true })).end).toBe(0);
    expect(lab.runs()).toBe('0.2.0');
  });

  it('is refused when the version before cannot work on what the state has become', async () => {
    const lab = await makeLab();
    await update(lab, { file: makeUpdate(lab, '0.2.0'), yes: true });
    const memory = openAgentDatabase(lab.database);
    memory.db.pragma(`user_version = ${schema + 1}`);
    memory.db.pragma(`application_id = ${schema + 1}`);
    memory.close();
    expect(await update(lab, { back: true, yes: true })).toMatchObject({
      end: 'update-no-way-back',
      facts: { previous: '0.1.0', reason: 'database-newer' },
    });
    expect(lab.runs()).toBe('0.2.0');
  });
});

describe('the trial on a copy', () => {
  const refusals = [
    {
      name: 'a check that fails',
      version: { fault: 'config-invalid' },
      end: 'update-selftest-failed',
      facts: { check: 'config', reason: 'config-invalid' },
    },
    {
      name: 'a program that dies',
      version: { dies: true },
      end: 'update-selftest-failed',
      facts: { check: 'start', reason: 'update-died' },
    },
    {
      name: 'a program that is none',
      version: undefined,
      end: 'update-selftest-failed',
      facts: { check: 'start' },
    },
    {
      name: 'a state that the version before could not work on any more',
      version: { schema: schema + 1, floor: schema + 1 },
      end: 'update-no-way-back',
      facts: { previous: '0.1.0', check: 'database', reason: 'database-newer' },
    },
    {
      name: 'an older schema',
      version: { schema: schema - 1 },
      end: 'update-selftest-failed',
      facts: { reason: 'database-newer' },
    },
  ];

  it.each(refusals)('$name: $end, and what runs stays', async ({ version, end, facts }) => {
    const lab = await makeLab();
    const files = version === undefined ? { 'main.mjs': 'nonsense(' } : filesOf('0.2.0', version);
    const answer = await update(lab, { file: makeUpdate(lab, '0.2.0', { files }), yes: true });
    expect(answer).toMatchObject({ end, facts });
    expect(answer.notes).toContain(String(answer.facts['reason']));
    expect([lab.runs(), lab.current(), lab.service.restarts]).toEqual(['0.1.0', undefined, 0]);
    expect(jsonAt(join(lab.releases, 'staged.json'))).toBeUndefined();
    expect(listed(lab.state).filter((name) => name.startsWith('selftest-'))).toEqual([]);
  });
});

describe('only one who may, one at a time, where there is something to update', () => {
  it('another update under way', async () => {
    const lab = await makeLab();
    const held = tryLock(join(lab.releases, 'update.lock'));
    expect((await update(lab, { file: makeUpdate(lab, '0.2.0'), yes: true })).end).toBe('update-under-way');
    held?.close();
    expect((await update(lab, { file: makeUpdate(lab, '0.2.0'), yes: true })).end).toBe(0);
  });

  it('a checkout, and an installation that only its package changes', async () => {
    const lab = await makeLab();
    expect((await update({ ...lab, home: join(lab.root, 'nowhere') }, { status: true })).end).toBe(
      'update-not-installed',
    );
    const image = await makeLab({}, { kind: 'container', releases: null, trial: null });
    expect(await update(image, { status: true })).toMatchObject({
      end: 'update-by-package',
      facts: { kind: 'container' },
    });
  });

  it('a version folder of the package’s own number is not laid over it', async () => {
    const lab = await makeLab();
    const same = makeUpdate(lab, '0.1.0', { files: filesOf('0.1.0', { fault: 'other' }) });
    expect((await update(lab, { file: same, yes: true })).end).toBe('update-version-taken');
    layVersion(lab.releases, '0.2.0', { 'main.mjs': 'left here by somebody' });
    expect((await update(lab, { file: makeUpdate(lab, '0.2.0'), yes: true })).end).toBe(0);
    expect(jsonAt(join(lab.releases, 'versions/0.2.0/release.json'))).toEqual(
      releaseOf('0.2.0', filesOf('0.2.0')),
    );
  });
});
