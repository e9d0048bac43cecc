import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invite, listAgents } from '../../../receiver/commands/agent.ts';
import { acknowledgeDispatch } from '../../../receiver/commands/destination-answer.ts';
import { status } from '../../../receiver/commands/status.ts';
import { trace } from '../../../receiver/commands/trace.ts';
import { destinationTerminal } from '../../../shared/i18n/terminal-destinations.ts';
import { receiverTerminal } from '../../../shared/i18n/terminal-receiver.ts';
import { agentId, noon, openControlRoom, type ControlRoom } from './control-room.ts';

let room: ControlRoom;

beforeAll(async () => {
  room = await openControlRoom();
  room.configure({ name: 'agency', acknowledgement: { kind: 'person' } });
  await room.compose('agency', ['a.xml'], { state: 'sent', sentAt: noon });
  await room.ask(acknowledgeDispatch, { name: 'agency', file: 'a.xml' });
});
afterAll(() => room.close());

const isoInstant = /\d{4}-\d\d-\d\dT\d\d:\d\d/;

describe('what a person reads', () => {
  it('of a trace is local time and words of the language', async () => {
    const french = await room.ask(trace, { id: 'a.xml' });
    expect(french.text).toContain('reçu le 21/01/2026 12:00 : traité');
    expect(french.text).toContain(
      'Envoi a.xml à agency, du 20/01/2026 au 20/01/2026, 3 enregistrement(s), composé par un fichier : acquitté le 21/01/2026 12:00',
    );
    expect(french.text).toContain('Reçu signé « acquitté » du 21/01/2026 12:00 : a.xml, agency');
    expect(french.text).not.toMatch(isoInstant);
    const english = await room.ask(trace, { id: 'a.xml' }, 'en');
    expect(english.text).toContain('made by an export: acknowledged 2026-01-21 12:00');
    expect(english.document).toEqual(french.document);
  });

  it('of status counts states in words', async () => {
    const { text } = await room.ask((context) => status(context), {});
    expect(text).toContain('Envois : 1 acquitté');
    expect(text).toContain('Fichiers : 1 traité');
  });

  it('of agents says when they were heard, and until when a code is good, in local time', async () => {
    await room.lab.store.transaction((tx) => tx.agents.putHeartbeat(agentId, noon, '{}'));
    const { text } = await room.ask((context) => listAgents(context), {});
    expect(text).toContain('actif');
    expect(text).toContain('dernier signe de vie : 21/01/2026 12:00');
    const invited = await room.ask(invite, { name: 'New', facilities: ['990000010'] });
    expect(invited.text).toMatch(/bon jusqu’au \d\d\/01\/2026 \d\d:\d\d :/);
    expect(invited.text).not.toMatch(isoInstant);
  });
});

describe('the texts', () => {
  it('name the same facts in both languages', () => {
    const factsOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    for (const [name, { fr, en }] of Object.entries({ ...receiverTerminal, ...destinationTerminal }))
      expect({ name, facts: factsOf(fr) }).toEqual({ name, facts: factsOf(en) });
  });
});
