import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Identity } from '../../../agent/enrolment/identity.ts';
import { createHeartbeat } from '../../../agent/health/heartbeat.ts';
import { createAskedBook } from '../../../agent/outbox/asked-book.ts';
import { createBacklog } from '../../../agent/outbox/backlog.ts';
import { openAgentDatabase } from '../../../agent/outbox/database.ts';
import { createFileBook } from '../../../agent/outbox/file-book.ts';
import { createNotes } from '../../../agent/outbox/notes.ts';
import { createContact } from '../../../agent/push/contact.ts';
import type { ReceiverClient, Reply } from '../../../agent/push/receiver-client.ts';
import {
  heartbeatRequest,
  type HeartbeatAnswer,
  type HeartbeatRequest,
} from '../../../shared/protocol/push.ts';
import { fakeClock, quiet, startAt, temporaryFolder } from '../agent/support.ts';

const { signal } = new AbortController();
const answered = (change: Partial<HeartbeatAnswer> = {}): Reply<HeartbeatAnswer> => ({
  kind: 'ok',
  body: { at: startAt, bundle: null, facilities: [], heads: [], ...change },
});
const refused = (status: number, code: string, known = true): Reply<never> => ({
  kind: 'failed',
  attempt: { kind: 'answered', status, code, ...(known ? { class: 'permanent' as const } : {}) },
});
const silent = (code: string): Reply<never> => ({
  kind: 'failed',
  attempt: { kind: 'unanswered', code, sent: false },
});

/** A database, a receiver that answers heartbeats as the test says, and nothing else. */
function lab() {
  const clock = fakeClock();
  const database = openAgentDatabase(join(temporaryFolder(), 'agent.db'));
  onTestFinished(() => database.close());
  const notes = createNotes(database);
  const requests: HeartbeatRequest[] = [];
  const script: { reply: () => Reply<HeartbeatAnswer> } = { reply: () => answered() };
  const never = (): Promise<never> => Promise.reject(new Error('not asked for'));
  const client: ReceiverClient = {
    ...{ push: never, tombstone: never, receipts: never, openEpoch: never, renew: never, scorecard: never },
    ...{ finish: () => Promise.resolve(), close: () => Promise.resolve() },
    heartbeat: (request) => {
      requests.push(request);
      return Promise.resolve(script.reply());
    },
  };
  return { clock, database, notes, requests, script, client };
}

describe('contact with the region', () => {
  const ask = (watched: ReceiverClient) => watched.heartbeat({} as HeartbeatRequest, signal);

  it('is remembered across restarts, to half a minute', async () => {
    const { clock, notes, client } = lab();
    const contact = createContact({ notes, clock });
    expect(contact.lastAt()).toBeUndefined();
    const watched = contact.watch(client);
    await ask(watched);
    clock.pass(29_999);
    await ask(watched);
    expect(contact.lastAt()).toBe(startAt + 29_999);
    expect(createContact({ notes, clock }).lastAt()).toBe(startAt);
    clock.pass(1);
    await ask(watched);
    expect(notes.read('last-contact-at')).toBe(startAt + 30_000);
  });

  it('is any answer in the receiver’s own words, and none of a machine in between', async () => {
    const { clock, notes, client, script } = lab();
    const contact = createContact({ notes, clock });
    const watched = contact.watch(client);
    for (const reply of [
      silent('proxy-authentication'),
      refused(502, 'http-502', false),
      silent('receiver-intercepted'),
    ]) {
      script.reply = () => reply;
      await ask(watched);
      expect(contact.lastAt()).toBeUndefined();
      expect(notes.read('contact-problem')?.code).toBe(reply.kind === 'failed' ? reply.attempt.code : '');
    }
    clock.pass(60_000);
    script.reply = () => refused(403, 'agent-not-active');
    await ask(watched);
    expect(contact.lastAt()).toBe(startAt + 60_000);
    expect(notes.read('contact-problem')).toEqual({ code: 'agent-not-active', since: startAt + 60_000 });
    script.reply = () => answered();
    await ask(watched);
    expect(notes.read('contact-problem')).toBeUndefined();
  });

  it('says nothing of requests that were given up because the agent stops', async () => {
    const { clock, notes, client, script } = lab();
    script.reply = () => silent('receiver-unreachable');
    const gone = AbortSignal.abort();
    await createContact({ notes, clock })
      .watch(client)
      .heartbeat({} as HeartbeatRequest, gone);
    expect(notes.read('contact-problem')).toBeUndefined();
  });
});

describe('the heartbeat', () => {
  async function beat(change: (script: ReturnType<typeof lab>) => void, times = 1) {
    const made = lab();
    change(made);
    const lacking: unknown[] = [];
    const identity = {
      bundle: () => ({ version: 1 }),
      validity: { from: 0, until: startAt + 90 * 86_400_000 },
      refresh: () => Promise.resolve({ bundleChanged: false }),
    };
    for (let n = 0; n < times; n += 1)
      await new Promise<void>((resolve, fail) => {
        const loop = createHeartbeat({
          client: made.client,
          identity: identity as unknown as Identity,
          backlog: createBacklog(made.database),
          files: createFileBook(made.database),
          asked: createAskedBook(made.database),
          onAsked: () => Promise.resolve(false),
          disk: { check: () => Promise.resolve(null), freeBytes: () => Promise.resolve(12_345) },
          notes: made.notes,
          clock: made.clock,
          logger: quiet,
          paused: () => ({ code: 'disk-low', since: startAt - 1000 }),
          onBundleChanged: () => undefined,
          onReceiverBehind: () => undefined,
          onLacking: (parts) => {
            lacking.push(...parts);
            void loop.stop().then(resolve, fail);
            return Promise.resolve();
          },
        });
        void loop.start();
      });
    return { ...made, lacking };
  }

  it('carries what the region wants to know of an agent', async () => {
    const { requests } = await beat(() => undefined);
    expect(requests[0]).toMatchObject({
      ...{ at: startAt, clockOffsetMs: null, certificateUntil: startAt + 90 * 86_400_000 },
      ...{ freeDiskBytes: 12_345, paused: 'disk-low', pausedSince: startAt - 1000 },
    });
    expect(heartbeatRequest.parse(requests[0])).toEqual(requests[0]);
  });

  it('tells how far the two clocks are apart, half the way there and back taken off', async () => {
    const { notes } = await beat(({ clock, script }) => {
      script.reply = () => {
        // Asked at 0, answered 300 ms later here; the receiver, 5 s behind, wrote its answer half-way.
        clock.pass(300);
        return answered({ at: startAt + 150 - 5000 });
      };
    });
    expect(notes.read('clock-offset-ms')).toBe(5000);
  });

  it('passes on the days that the region lacks, once everything sent has arrived', async () => {
    const part = { facility: '990000010', feed: 'ed-visits', part: '0', days: ['2026-01-12'] };
    const { lacking } = await beat(({ script }) => {
      script.reply = () => answered({ lacking: [part] });
    });
    expect(lacking).toEqual([part]);
  });

  it('understands an older region that lacks nothing, and passes over what a newer one adds', () => {
    expect(
      heartbeatRequest.safeParse({
        ...{ version: '0', at: 0, feeds: [], freeDiskBytes: 0, paused: null },
        rejectedExports: [],
        bundleVersion: 1,
        mood: 'good',
      }).success,
    ).toBe(true);
  });
});
