import { describe, expect, it, onTestFinished } from 'vitest';
import { createAnswer } from '../../../agent/adt/mllp-answer.ts';
import { createFrameCutter } from '../../../agent/adt/mllp-frames.ts';
import { createMllpListener, type MllpListenerDeps } from '../../../agent/adt/mllp-listener.ts';
import type { Arrival } from '../../../agent/adt/movement-store.ts';
import { transient } from '../../../shared/runtime/errors.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { eventually } from '../../fault/live.ts';
import { acknowledged, framed, openMllp, type MllpClient } from '../../support/mllp-client.ts';
import { pamText, type PamParts } from '../../support/pam-text.ts';
import { fakeClock, quiet, startAt } from '../agent/support.ts';

const person = { name: 'TEST-NOM', birth: '19510214', sex: 'F', postalCode: '67000', commune: 'Évry' };
const message = (controlId: string, change: Partial<PamParts> = {}): string =>
  pamText({
    ...{ trigger: 'A04', controlId, spokenAt: startAt, patient: 'IPP1', person },
    visit: { id: 'IEP1', patientClass: 'E' },
    zbe: { id: 'M1', at: startAt, action: 'INSERT' },
    ...change,
  });

/** A listener on loopback whose commits a test holds in its hands. */
async function listening(
  change: Partial<MllpListenerDeps> & { put?: (arrival: Arrival) => Promise<void> } = {},
) {
  const kept: Arrival[] = [];
  const { put, ...settings } = change;
  const messageBytes = settings.messageBytes ?? 4096;
  const answer = createAnswer({
    ...{ source: 'wire', encoding: undefined, messageBytes, clock: fakeClock(), random: systemRandom },
    put:
      put ??
      (async (arrival) => {
        kept.push(arrival);
      }),
  });
  const listener = createMllpListener({
    ...{ source: 'wire', host: '127.0.0.1', port: 0, allow: ['127.0.0.1'], connections: 4, idleMs: 60_000 },
    ...{ messageBytes, answer, logger: quiet },
    ...settings,
  });
  await listener.start();
  onTestFinished(() => listener.stop());
  return { kept, listener, open: (from?: string): Promise<MllpClient> => openMllp(listener.port(), from) };
}

describe('frames', () => {
  const all = (cutter: ReturnType<typeof createFrameCutter>, bytes: Buffer, step: number): string[] => {
    const found: string[] = [];
    for (let at = 0; at < bytes.length; at += step)
      for (const frame of cutter.cut(bytes.subarray(at, at + step)))
        found.push(`${frame.kind} ${(frame.kind === 'message' ? frame.bytes : frame.head).toString()}`);
    return found;
  };

  it('are the same however the bytes are cut, with noise between them and signs inside them', () => {
    const inside = Buffer.concat([Buffer.from('b'), Buffer.from([0x1c, 0x0b]), Buffer.from('c')]);
    const bytes = Buffer.concat([
      Buffer.from('\r\nnoise'),
      framed('a'),
      Buffer.from('\n'),
      framed(inside),
      framed('x'.repeat(30)),
      framed(''),
    ]);
    for (const step of [1, 2, 3, 7, bytes.length]) {
      const found = all(createFrameCutter(20), bytes, step);
      expect(found).toEqual([
        'message a',
        `message ${inside.toString()}`,
        `too-large ${'x'.repeat(20)}`,
        'message ',
      ]);
    }
  });

  it('that never end, and noise without a frame, are given up', () => {
    const cutter = createFrameCutter(100);
    expect(() => all(cutter, Buffer.concat([Buffer.from([0x0b]), Buffer.alloc(2000, 'x')]), 64)).toThrow(
      RangeError,
    );
    expect(() => all(createFrameCutter(100), Buffer.alloc(70_000, 'x'), 1000)).toThrow(RangeError);
  });
});

describe('a listener', () => {
  it('answers what is whole: halves are waited for, two in one packet are two', async () => {
    const { kept, open } = await listening();
    const client = await open();
    const bytes = framed(message('1'));
    client.write(bytes.subarray(0, 40));
    client.write(
      Buffer.concat([bytes.subarray(40), framed(message('2')), framed(message('3')).subarray(0, 10)]),
    );
    expect(acknowledged(await client.answer())).toEqual(['AA', '1']);
    expect(acknowledged(await client.answer())).toEqual(['AA', '2']);
    client.write(framed(message('3')).subarray(10));
    expect(acknowledged(await client.answer())).toEqual(['AA', '3']);
    expect(kept.map(({ event }) => event.kind)).toEqual(['movement', 'movement', 'movement']);
    await client.end();
  });

  it('acknowledges only what is kept, in the order in which it came', async () => {
    const waiting: (() => void)[] = [];
    const { open } = await listening({ put: () => new Promise((resolve) => waiting.push(resolve)) });
    const client = await open();
    client.write(Buffer.concat([framed(message('1')), framed(message('2'))]));
    await eventually('both are on their way', () => waiting.length === 2);
    let answered = false;
    const first = client.answer().then((text) => {
      answered = true;
      return text;
    });
    waiting[1]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    waiting[0]?.();
    expect(acknowledged(await first)).toEqual(['AA', '1']);
    expect(acknowledged(await client.answer())).toEqual(['AA', '2']);
    await client.end();
  });

  it('gives no answer to what could not be kept, and closes: the sender keeps it and comes again', async () => {
    let full = true;
    const { open } = await listening({
      put: () => (full ? Promise.reject(transient('disk-full')) : Promise.resolve()),
    });
    const client = await open();
    await expect(client.say(message('1'))).rejects.toThrow('closed without an answer');
    full = false;
    const again = await open();
    expect(acknowledged(await again.say(message('1')))).toEqual(['AA', '1']);
    await again.end();
  });

  it('refuses with the place at fault: AE to mend, AR not for here; and goes on', async () => {
    const { kept, open } = await listening();
    const client = await open();
    const unnamed = await client.say(message('1', { visit: { id: '', patientClass: 'E' } }));
    expect(acknowledged(unnamed)).toEqual(['AE', '1']);
    expect(unnamed).toMatch(/ERR\|\|PV1\^1\^19\|/);
    const other = await client.say(message('2').replaceAll('ADT', 'ORU'));
    expect(acknowledged(other)).toEqual(['AR', '2']);
    expect(acknowledged(await client.say('not a message'))).toEqual(['AE', '']);
    expect(acknowledged(await client.say(message('3').replace('UNICODE UTF-8', 'KLINGON')))).toEqual([
      'AE',
      '3',
    ]);
    expect(
      acknowledged(await client.say(message('4', { person: { ...person, commune: 'X'.repeat(6000) } }))),
    ).toEqual(['AE', '4']);
    expect(acknowledged(await client.say(message('5')))).toEqual(['AA', '5']);
    const codes = kept.map(({ event }) => (event.kind === 'refused' ? event.code : event.kind));
    expect(codes).toEqual([
      ...['adt-field-missing', 'adt-type-unsupported', 'hl7-header-missing', 'encoding-unsupported'],
      ...['hl7-message-too-long', 'movement'],
    ]);
    await client.end();
  });

  it('reads the character set that MSH-18 names, and answers in it', async () => {
    const { kept, open } = await listening();
    const client = await open();
    const text = message('é').replace('UNICODE UTF-8', '8859/1');
    client.write(framed(Buffer.from(text, 'latin1')));
    const answer = await client.answer();
    expect(answer).toContain('|8859/1');
    const [event] = kept.map((arrival) => arrival.event);
    expect(event?.kind === 'movement' && event.facts.commune).toBe('Évry');
    await client.end();
  });

  it('closes at once on addresses that are not allowed, and on more connections than allowed', async () => {
    const { open } = await listening({ connections: 1 });
    const stranger = await open('127.0.0.2');
    await stranger.closed;
    const first = await open();
    expect(acknowledged(await first.say(message('1')))).toEqual(['AA', '1']);
    const second = await open();
    await second.closed;
    expect(acknowledged(await first.say(message('2')))).toEqual(['AA', '2']);
    await first.end();
    const third = await eventually('room again', async () => {
      const client = await open();
      return await client.say(message('3')).then(
        () => client,
        () => undefined,
      );
    });
    await third.end();
  });

  it('closes a connection that says nothing any more, in a frame or out of one', async () => {
    const { open } = await listening({ idleMs: 30 });
    const silent = await open();
    const halfway = await open();
    halfway.write(framed(message('1')).subarray(0, 50));
    await Promise.all([silent.closed, halfway.closed]);
  });

  it('answers a sender that closes its side right after speaking', async () => {
    const { open } = await listening();
    const client = await open();
    client.socket.end(framed(message('1')));
    expect(acknowledged(await client.answer())).toEqual(['AA', '1']);
    await client.closed;
  });

  it('stops without losing an answer that is due', async () => {
    const waiting: (() => void)[] = [];
    const { listener, open } = await listening({
      put: () => new Promise((resolve) => waiting.push(resolve)),
    });
    const client = await open();
    client.write(framed(message('1')));
    await eventually('on its way', () => waiting.length === 1);
    const stopped = listener.stop();
    waiting[0]?.();
    expect(acknowledged(await client.answer())).toEqual(['AA', '1']);
    await stopped;
    await client.closed;
    await expect(openMllp(listener.port() || 1)).rejects.toThrow('no connection');
  });

  it('says so when its address is taken', async () => {
    const { listener } = await listening();
    const port = listener.port();
    await expect(listening({ port })).rejects.toMatchObject({
      code: 'mllp-not-listening',
      facts: { host: '127.0.0.1', port, reason: 'EADDRINUSE' },
    });
  });
});
