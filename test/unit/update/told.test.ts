import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { statusFacts, type StatusFacts } from '../../../agent/commands/status-document.ts';
import { troublesOf } from '../../../agent/commands/status-troubles.ts';
import type { AgentConfig } from '../../../agent/config.ts';
import type { Identity } from '../../../agent/enrolment/identity.ts';
import { createHeartbeat } from '../../../agent/health/heartbeat.ts';
import { createAskedBook } from '../../../agent/outbox/asked-book.ts';
import { createBacklog } from '../../../agent/outbox/backlog.ts';
import { openAgentDatabase } from '../../../agent/outbox/database.ts';
import { createExportBook } from '../../../agent/outbox/export-book.ts';
import { createFileBook } from '../../../agent/outbox/file-book.ts';
import { createNotes } from '../../../agent/outbox/notes.ts';
import { agentVersion } from '../../../agent/version.ts';
import { heartbeatRequest, type HeartbeatRequest } from '../../../shared/protocol/push.ts';
import { fakeClock, quiet, startAt, temporaryFolder } from '../agent/support.ts';

/** The memory of an agent that runs again in place of 0.2.0. */
function rolledBack() {
  const state = temporaryFolder();
  const database = openAgentDatabase(join(state, 'agent.db'));
  onTestFinished(() => database.close());
  const notes = createNotes(database);
  notes.put('release-rolled-back', { version: '0.2.0', at: startAt });
  notes.put('last-contact-at', startAt);
  const books = {
    ...{ database, exports: createExportBook(database), files: createFileBook(database) },
    backlog: createBacklog(database),
  };
  return { state, notes, books };
}

const identity = {
  ...{ agent: 'a', name: 'CH Exemple', validity: { from: 0, until: startAt + 60 * 86_400_000 } },
  bundle: () => ({ version: 1, region: 'Région' }),
  refresh: () => Promise.resolve({ bundleChanged: false }),
} as unknown as Identity;

it('status says which update was given up, since when, what runs and what to do', async () => {
  const { state, books, notes } = rolledBack();
  const config = { state, sources: [], notify: { afterHours: 2 } } as unknown as AgentConfig;
  for (const language of ['fr', 'en'] as const) {
    const asked = { config, identity, language, now: startAt, disk: null };
    const facts: StatusFacts = statusFacts(asked, books);
    const [trouble, ...others] = await troublesOf(asked, facts, books);
    expect(others).toEqual([]);
    expect(trouble).toMatchObject({ level: 'warning', where: 'update', code: 'update-rolled-back' });
    expect(trouble?.message).toContain('0.2.0');
    expect(trouble?.message).toContain(agentVersion);
    expect(`${trouble?.message} ${trouble?.hint}`).not.toMatch(/[{}]/);
  }
  notes.drop('release-rolled-back');
  const asked = { config, identity, language: 'en' as const, now: startAt, disk: null };
  expect(await troublesOf(asked, statusFacts(asked, books), books)).toEqual([]);
});

it('the heartbeat tells the region, in a member that an older one passes over', async () => {
  const { books, notes } = rolledBack();
  const requests: HeartbeatRequest[] = [];
  const heartbeat = () =>
    createHeartbeat({
      ...{ identity, notes, logger: quiet, clock: fakeClock() },
      ...{ backlog: books.backlog, files: books.files, asked: createAskedBook(books.database) },
      disk: { check: () => Promise.resolve(null), freeBytes: () => Promise.resolve(null) },
      client: {
        heartbeat: (request) => {
          requests.push(request);
          return Promise.resolve({
            kind: 'ok',
            body: { at: startAt, bundle: null, facilities: [], heads: [] },
          });
        },
      },
      paused: () => null,
      onBundleChanged: () => undefined,
      onReceiverBehind: () => undefined,
      onLacking: () => Promise.resolve(),
      onAsked: () => Promise.resolve(false),
    });
  const beat = async (): Promise<HeartbeatRequest | undefined> => {
    const loop = heartbeat();
    const before = requests.length;
    await loop.start();
    await expect.poll(() => requests.length).toBeGreaterThan(before);
    await loop.stop();
    return requests.at(-1);
  };
  const told = await beat();
  expect(heartbeatRequest.parse(told).rolledBack).toEqual({ version: '0.2.0', at: startAt });
  expect(heartbeatRequest.omit({ rolledBack: true }).parse(told)).not.toHaveProperty('rolledBack');
  notes.drop('release-rolled-back');
  expect(await beat()).not.toHaveProperty('rolledBack');
});
