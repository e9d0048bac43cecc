import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { facilityNotice } from '../../../receiver/commands/notice.ts';
import { facility } from '../receiver/lab.ts';
import { openControlRoom, type ControlRoom } from './control-room.ts';

let room: ControlRoom;

beforeAll(async () => {
  room = await openControlRoom();
  await room.lab.store.transaction((tx) =>
    tx.facilities.put({ finess: facility, name: 'CH', key: Buffer.alloc(32, 3), addedAt: 1 }),
  );
});
afterAll(() => room.close());

describe('what is said of a facility’s days', () => {
  it('is told in words and days of the language, and in ISO days to a program', async () => {
    const said = { from: '2026-01-22', to: '2026-01-24', reason: 'Travaux', by: 'Ana' };
    const added = await room.ask(facilityNotice, { what: facility, more: 'closed', ...said });
    expect(added.text).toMatch(/^Avis n° \d+ : 990000010 fermé du 22\/01\/2026 au 24\/01\/2026$/);
    expect(added.document).toMatchObject({ kind: 'closed', from: '2026-01-22', to: '2026-01-24' });
    await room.ask(facilityNotice, { what: facility, more: 'degraded', ...said });
    const french = await room.ask(facilityNotice, { what: 'list' });
    expect(french.text).toContain('990000010  en mode dégradé  du 22/01/2026 au 24/01/2026  Travaux (Ana)');
    const english = await room.ask(facilityNotice, { what: 'list' }, 'en');
    expect(english.text).toContain('990000010  closed  from 2026-01-22 to 2026-01-24');
    expect(english.document).toEqual(french.document);
  });
});
