import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDesk, putRejected } from './desk.ts';

const listed = (document: Readonly<Record<string, unknown>>): readonly string[] =>
  (document['quarantine'] as readonly { file: string }[]).map(({ file }) => file);

describe('quarantine', () => {
  it('lists what could not be read, newest first, with what to do', async () => {
    const desk = openDesk();
    putRejected(desk, 'old.xml', -48);
    putRejected(desk, 'new.csv', 0, { source: 'gardes' });
    desk.put('fine.xml', 1);
    const { document } = await desk.ask(['quarantine', 'list']);
    expect(document).toMatchObject({
      total: 2,
      quarantine: [
        { file: 'new.csv', source: 'gardes', code: 'facility-missing', line: 3, record: 1, field: 'FINESS' },
        { file: 'old.xml', where: join(desk.folder, 'quarantine', 'old.xml') },
      ],
    });
    const french = await desk.say(['quarantine', 'list'], { terminal: true });
    expect(french.out).toMatch(/^Lu le +Source +Fichier +Code +Que faire/);
    expect(french.out.split('\n').every((line) => line.length <= 80)).toBe(true);
    const english = await desk.say(['quarantine', 'list'], { language: 'en' });
    expect(english.out).toMatch(/old\.xml +facility-missing +\S/);
  });

  it('says in one sentence that there is nothing', async () => {
    expect((await openDesk().say(['quarantine', 'list'])).out).toBe('La quarantaine est vide.\n');
  });

  it('shows why and where in the reader’s language, never the content', async () => {
    const desk = openDesk();
    const id = putRejected(desk, 'bad.xml', 0, { content: 'PATIENT-VALUE' });
    const french = await desk.say(['quarantine', 'show', 'bad.xml']);
    expect(french.out).toContain('ligne 3, enregistrement 1, champ FINESS');
    expect(french.out).toContain(`agent quarantine release ${id}`);
    const english = await desk.say(['quarantine', 'show', id], { language: 'en' });
    expect(english.out).toContain('line 3, record 1, field FINESS');
    expect(french.out + english.out).not.toContain('PATIENT-VALUE');
    expect((await desk.ask(['quarantine', 'show', 'bad.xml'])).document).toMatchObject({
      export: id,
      line: 3,
    });
  });

  it('a name that is not there, or that several have, is said to be so', async () => {
    const desk = openDesk();
    const first = putRejected(desk, 'bad.xml', 0);
    const second = putRejected(desk, 'bad.xml', 1);
    const several = await desk.say(['quarantine', 'show', 'bad.xml'], { language: 'en' });
    expect(several.err).toContain('quarantine-several');
    expect(several.err).toContain(first);
    expect(several.err).toContain(second);
    expect((await desk.ask(['quarantine', 'show', 'none.xml'])).document).toMatchObject({
      error: { code: 'quarantine-unknown' },
    });
  });

  it('release asks for a reading as if new, and is audited', async () => {
    const desk = openDesk();
    const id = putRejected(desk, 'bad.xml', 0);
    expect((await desk.ask(['quarantine', 'release', 'bad.xml'])).document).toMatchObject({ export: id });
    expect(desk.database.all(`select export, resend from rereads`)).toEqual([{ export: id, resend: 0 }]);
    expect((await desk.ask(['history', '--audit'])).document).toMatchObject({
      audit: [{ action: 'release', what: `bad.xml (${id})` }],
    });
  });

  it('discard is shown first; with --yes the file is moved with its reason, never deleted, and leaves the list', async () => {
    const desk = openDesk();
    const quarantine = join(desk.folder, 'quarantine');
    putRejected(desk, 'bad.xml', 0, { content: 'kept to the byte' });
    writeFileSync(join(quarantine, 'bad.xml.error.json'), '{}');
    const preview = await desk.say(['quarantine', 'discard', 'bad.xml']);
    expect(preview.out).toContain(join(quarantine, 'discarded'));
    expect(preview.out).toContain('--yes');
    expect(existsSync(join(quarantine, 'bad.xml'))).toBe(true);

    expect((await desk.ask(['quarantine', 'discard', 'bad.xml', '--yes'])).document).toMatchObject({
      done: true,
    });
    expect(readdirSync(join(quarantine, 'discarded')).sort()).toEqual(['bad.xml', 'bad.xml.error.json']);
    expect(readFileSync(join(quarantine, 'discarded', 'bad.xml'), 'utf8')).toBe('kept to the byte');
    expect(existsSync(join(quarantine, 'bad.xml'))).toBe(false);
    expect(listed((await desk.ask(['quarantine', 'list'])).document)).toEqual([]);
    expect((await desk.ask(['history', '--audit'])).document).toMatchObject({
      audit: [{ action: 'discard' }],
    });
  });

  it('two files of one name are both kept when discarded', async () => {
    const desk = openDesk();
    const quarantine = join(desk.folder, 'quarantine');
    const first = putRejected(desk, 'bad.xml', 0, { content: 'one' });
    await desk.ask(['quarantine', 'discard', first, '--yes']);
    const second = putRejected(desk, 'bad.xml', 1, { content: 'two' });
    await desk.ask(['quarantine', 'discard', second, '--yes']);
    const kept = readdirSync(join(quarantine, 'discarded')).sort();
    expect(kept).toEqual(['bad.1.xml', 'bad.xml']);
  });

  it('a source that is never written to keeps its file in place', async () => {
    const desk = openDesk();
    putRejected(desk, 'bad.csv', 0, { source: 'gardes' });
    const { document } = await desk.ask(['quarantine', 'discard', 'bad.csv', '--yes']);
    expect(document).toMatchObject({ done: true, folder: null });
    expect(existsSync(join(desk.root, 'kept', 'bad.csv'))).toBe(true);
    expect(listed((await desk.ask(['quarantine', 'list'])).document)).toEqual([]);
  });
});
