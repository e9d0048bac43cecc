import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listDestinations } from '../../../receiver/commands/destination-list.ts';
import { retryDestination } from '../../../receiver/commands/destination-replay.ts';
import {
  pauseDestinations,
  resumeDestinations,
  setAsideDispatch,
} from '../../../receiver/commands/destination-steer.ts';
import { permanent, transient } from '../../../shared/runtime/errors.ts';
import { deliveringTo, openControlRoom, running, type ControlRoom } from './control-room.ts';

let room: ControlRoom;
let number = 0;
let agency = '';

beforeAll(async () => {
  room = await openControlRoom();
});
afterAll(() => room.close());
beforeEach(() => {
  number += 1;
  agency = `agency-${number}`;
  room.configure({ name: agency });
});

afterEach(() => room.clear());

describe('a pause', () => {
  it('lets what is being sent finish, and holds the rest until it is resumed', async () => {
    const forwarder = deliveringTo(room, agency);
    await room.compose(agency, ['one', 'two']);
    forwarder.answer = async () => {
      await room.ask(pauseDestinations, { names: agency, by: 'Ana' });
      await room.compose(agency, ['three']);
      return undefined;
    };
    await forwarder.step(running);
    expect(forwarder.sent).toEqual(['one', 'two']);
    expect((await room.row(agency, 'two')).state).toBe('sent');
    await forwarder.step(running);
    expect(forwarder.sent).toEqual(['one', 'two']);
    expect((await room.row(agency, 'three')).state).toBe('waiting');

    forwarder.answer = () => Promise.resolve(undefined);
    expect(await room.ask(resumeDestinations, { names: agency })).toMatchObject({
      document: { destinations: [{ name: agency, resumed: true, waiting: 1 }] },
    });
    await forwarder.step(running);
    expect(forwarder.sent).toEqual(['one', 'two', 'three']);
  });

  it('is told with who asked for it and when, in local time, and is not a fault', async () => {
    await room.compose(agency, ['one']);
    const paused = await room.ask(pauseDestinations, { names: agency, by: ' Ana ' });
    expect(paused.text).toContain('Ana, le 21/01/2026 12:00');
    expect(paused.document).toMatchObject({
      destinations: [{ name: agency, pausedBy: 'Ana', pausedAt: '2026-01-21T11:00:00.000Z' }],
    });
    const listed = await room.ask(listDestinations, {});
    expect(listed).toMatchObject({ code: 0 });
    expect(listed.text).toContain(`SUSPENDUE ${agency} par Ana depuis le 21/01/2026 12:00, 1 envoi(s)`);
  });

  it('stands under the person who asked first', async () => {
    await room.ask(pauseDestinations, { names: agency, by: 'Ana' });
    expect(await room.ask(pauseDestinations, { names: agency, by: 'Bob' })).toMatchObject({
      document: { destinations: [{ pausedBy: 'Ana' }] },
    });
  });

  it('takes several destinations at once, or none when one is unknown', async () => {
    room.configure({ name: agency }, { name: `${agency}-b` });
    await expect(room.ask(pauseDestinations, { names: `${agency},nobody`, by: 'Ana' })).rejects.toMatchObject(
      { code: 'destination-unknown', facts: { known: `${agency}, ${agency}-b` } },
    );
    expect(await room.lab.store.read((tx) => tx.destinations.get(agency))).toBeUndefined();
    await room.ask(pauseDestinations, { names: `${agency},${agency}-b`, by: 'Ana' });
    for (const name of [agency, `${agency}-b`])
      expect(await room.lab.store.read((tx) => tx.destinations.get(name))).toMatchObject({ pausedBy: 'Ana' });
  });

  it.each(['', '  ', 'a\u001b[31m', 'x'.repeat(101)])('needs a name that can be shown: %j', async (by) => {
    await expect(room.ask(pauseDestinations, { names: agency, by })).rejects.toMatchObject({
      code: 'command-invalid',
    });
  });

  it('resumed when there was none says so', async () => {
    expect((await room.ask(resumeDestinations, { names: agency })).text).toContain('n’était pas suspendue');
  });
});

describe('a retry', () => {
  it('tries a destination that is down at once, whatever it waits for', async () => {
    const forwarder = deliveringTo(room, agency);
    await room.compose(agency, ['one']);
    forwarder.answer = () =>
      Promise.resolve({ delivered: 0, fault: permanent('delivery-name-unsafe', { facts: {} }) });
    await forwarder.step(running);
    forwarder.answer = () => Promise.resolve(undefined);
    await forwarder.step(running);
    expect(forwarder.sent).toEqual([]);
    expect(await room.ask(retryDestination, { name: agency, files: [] })).toMatchObject({
      code: 0,
      document: { waiting: 1, composed: [] },
    });
    await forwarder.step(running);
    expect(forwarder.sent).toEqual(['one']);
    expect(await room.lab.store.read((tx) => tx.destinations.get(agency))).toMatchObject({
      breaker: 'closed',
    });
  });

  it('of an agency that fetches says that nothing is tried from here', async () => {
    room.configure({ name: 'fetching', transport: { kind: 'pull', certificates: ['a'.repeat(64)] } });
    await room.compose('fetching', ['one']);
    const { text } = await room.ask(retryDestination, { name: 'fetching', files: [] });
    expect(text).toBe('fetching : l’agence vient chercher ses envois, 1 l’attendent');
    await room.clear();
    room.configure({ name: agency });
  });

  it('does not end a pause, and says so', async () => {
    await room.ask(pauseDestinations, { names: agency, by: 'Ana' });
    const { code, text } = await room.ask(retryDestination, { name: agency, files: [] });
    expect(code).toBe(1);
    expect(text).toContain('suspendue par Ana');
  });
});

describe('a dispatch set aside', () => {
  it('blocks the queue no longer, and is dead by a person’s decision', async () => {
    const forwarder = deliveringTo(room, agency);
    await room.compose(agency, ['bad']);
    await room.compose(agency, ['good'], { from: '2026-01-19' });
    const refusesBad = (files: readonly { readonly name: string }[]) =>
      Promise.resolve(
        files[0]?.name === 'bad'
          ? { delivered: 0, fault: transient('delivery-unavailable', { facts: {} }) }
          : undefined,
      );
    forwarder.answer = refusesBad;
    for (let tries = 0; tries < 3; tries += 1) {
      await forwarder.step(running);
      room.lab.clock.advance(10_000);
    }
    expect(forwarder.sent).toEqual([]);
    await room.ask(setAsideDispatch, { name: agency, file: 'bad' });
    expect(await room.row(agency, 'bad')).toMatchObject({ state: 'dead', code: 'dispatch-set-aside' });
    await forwarder.step(running);
    expect(forwarder.sent).toEqual(['good']);
    const { code, text } = await room.ask(listDestinations, {});
    expect(code).toBe(1);
    expect(text).toContain(`1 envoi(s) mis de côté pour ${agency}`);
  });

  it('must wait: one that was sent is left as it is', async () => {
    await room.compose(agency, ['done'], { state: 'sent', sentAt: room.lab.clock.now() });
    await expect(room.ask(setAsideDispatch, { name: agency, file: 'done' })).rejects.toMatchObject({
      code: 'dispatch-not-waiting',
      facts: { stateFr: 'remis', stateEn: 'sent' },
    });
    expect((await room.row(agency, 'done')).state).toBe('sent');
  });

  it('must be one of this destination', async () => {
    await room.compose(`${agency}-other`, ['elsewhere']);
    await expect(room.ask(setAsideDispatch, { name: agency, file: 'elsewhere' })).rejects.toMatchObject({
      code: 'dispatch-unknown',
    });
    await expect(room.ask(setAsideDispatch, { name: 'nobody', file: 'elsewhere' })).rejects.toMatchObject({
      code: 'destination-unknown',
    });
  });

  it('may belong to a destination that the settings no longer name', async () => {
    await room.compose(`${agency}-gone`, ['left']);
    await room.ask(setAsideDispatch, { name: `${agency}-gone`, file: 'left' });
    expect((await room.row(`${agency}-gone`, 'left')).state).toBe('dead');
  });
});
