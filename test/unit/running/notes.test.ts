import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAgentDatabase } from '../../../agent/outbox/database.ts';
import { createNotes } from '../../../agent/outbox/notes.ts';
import { temporaryFolder } from '../agent/support.ts';

describe('notes for status and the next start', () => {
  const open = () => {
    const path = join(temporaryFolder(), 'agent.db');
    const database = openAgentDatabase(path);
    onTestFinished(() => database.close());
    return { database, notes: createNotes(database) };
  };

  it('are read back by another process, until they are dropped', () => {
    const { database, notes } = open();
    notes.put('intake-paused', { code: 'disk-low', since: 5 });
    expect(createNotes(database).read('intake-paused')).toEqual({ code: 'disk-low', since: 5 });
    notes.drop('intake-paused');
    expect(createNotes(database).read('intake-paused')).toBeUndefined();
  });

  it('that a full disk refuses stay known here, and are written at the next chance', () => {
    const { database, notes } = open();
    let isFull = true;
    const pressed = createNotes({
      ...database,
      run: (sql, ...values) => {
        if (isFull) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
        return database.run(sql, ...values);
      },
    });
    notes.put('last-contact-at', 1);
    pressed.put('region-silent', { since: 7, mail: 'due' });
    pressed.drop('last-contact-at');
    expect(pressed.read('region-silent')).toEqual({ since: 7, mail: 'due' });
    expect(pressed.read('last-contact-at')).toBeUndefined();
    expect(notes.read('region-silent')).toBeUndefined();
    isFull = false;
    pressed.put('region-silent', { since: 7, mail: 'sent' });
    expect(notes.read('region-silent')).toEqual({ since: 7, mail: 'sent' });
  });

  it('does not hide any other failure', () => {
    const { database } = open();
    const broken = createNotes({
      ...database,
      run: () => {
        throw new Error('broken');
      },
    });
    expect(() => broken.put('last-contact-at', 1)).toThrow('broken');
  });
});
