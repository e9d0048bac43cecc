import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AgentDatabase } from '../../../agent/outbox/database.ts';
import type { ReadExportRow } from '../../../agent/outbox/rows.ts';
import { formatUuid7 } from '../../../shared/runtime/random.ts';
import { onCommandLine, type Spoken } from '../../support/command-line.ts';
import { exportRow, fakeClock, openOutbox, ready, startAt, temporaryFolder } from '../agent/support.ts';

/** A hospital's agent as its commands find it: a configuration, a database, files in their folders. No agent runs. */
export interface Desk {
  readonly root: string;
  readonly folder: string;
  readonly configFile: string;
  readonly database: AgentDatabase;
  /** An export read `hours` after noon of 21 January 2026, Paris; its file is written where it was first seen. */
  readonly put: (name: string, hours: number, change?: PutChange) => string;
  readonly say: (words: readonly string[], given?: Parameters<typeof onCommandLine>[1]) => Promise<Spoken>;
  /** The document that the command prints with --json. */
  readonly ask: (words: readonly string[], given?: Parameters<typeof onCommandLine>[1]) => Promise<Asked>;
}

export interface Asked {
  readonly code: number;
  readonly document: Readonly<Record<string, unknown>>;
}

interface PutChange extends Partial<ReadExportRow> {
  readonly content?: string;
  readonly movedTo?: string;
  readonly settled?: 'processed' | 'forwarded' | 'acknowledged' | 'held';
}

export function openDesk(settings: Readonly<Record<string, unknown>> = {}): Desk {
  const root = temporaryFolder();
  const folder = join(root, 'in');
  mkdirSync(folder);
  const state = join(root, 'state');
  mkdirSync(state);
  const configFile = join(root, 'agent.yaml');
  const source = (name: string, path: string, after: string) => ({
    ...{ name, folder: path, after, mappings: ['rpu-2006', 'rpu-csv'] },
    ready: { mode: 'now' },
  });
  mkdirSync(join(root, 'kept'));
  const sources = [source('urgences', folder, 'archive'), source('gardes', join(root, 'kept'), 'keep')];
  writeFileSync(configFile, JSON.stringify({ state, sources, limits: { freeDiskBytes: 0 }, ...settings }));
  const { database, outbox } = openOutbox(join(state, 'agent.db'), fakeClock());
  onTestFinished(() => database.close());

  const put = (name: string, hours: number, change: PutChange = {}): string => {
    const { content = `content of ${name}`, movedTo, settled, ...columns } = change;
    const at = startAt + hours * 3_600_000;
    const id =
      columns.id ?? formatUuid7(at, createHash('sha256').update(`${name} ${hours}`).digest().subarray(0, 16));
    const path = join(columns.source === 'gardes' ? join(root, 'kept') : folder, name);
    mkdirSync(dirname(movedTo ?? path), { recursive: true });
    writeFileSync(movedTo ?? path, content);
    const digest = createHash('sha256').update(content).digest('hex');
    const row = exportRow(id, { name, path: Buffer.from(path), digest, readAt: at, slices: 0, ...columns });
    outbox.commit([ready(row, [])], new Map());
    if (movedTo !== undefined)
      database.db.prepare(`update exports set moved_to = ? where id = ?`).run(Buffer.from(movedTo), id);
    if (settled !== undefined)
      database.db.prepare(`update exports set outcome = ? where id = ?`).run(settled, id);
    return id;
  };

  const say = (words: readonly string[], given: Parameters<typeof onCommandLine>[1] = {}) =>
    onCommandLine([...words, '--config', configFile], given);
  return {
    ...{ root, folder, configFile, database, put, say },
    ask: async (words, given) => {
      const { code, out } = await say([...words, '--json'], given);
      return { code, document: JSON.parse(out) as Readonly<Record<string, unknown>> };
    },
  };
}

/** A file rejected at reading and lying in the quarantine. */
export function putRejected(desk: Desk, name: string, hours: number, change: PutChange = {}): string {
  return desk.put(name, hours, {
    outcome: 'rejected',
    errorCode: 'facility-missing',
    errorFacts: JSON.stringify({ line: 3, record: 1, field: 'FINESS' }),
    ...{ records: 0, accepted: 0, windowFrom: null, windowTo: null },
    ...(change.source === 'gardes' ? {} : { movedTo: join(desk.folder, 'quarantine', name) }),
    ...change,
  });
}
