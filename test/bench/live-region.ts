import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { databaseOf } from '../../agent/agent.ts';
import { openAgentDatabase, type AgentDatabase } from '../../agent/outbox/database.ts';
import { createExportBook } from '../../agent/outbox/export-book.ts';
import { createFileBook } from '../../agent/outbox/file-book.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import type { GeneratedExport } from '../../installers/sandbox/exports.ts';
import { stateFolder } from '../../receiver/state-folder.ts';
import { childNamed } from './process-cost.ts';

/** A receiver and agents in processes of their own, in a temporary folder, as the sandbox makes them. */
export interface LiveRegion {
  readonly region: Region;
  readonly keysFolder: string;
  readonly agents: readonly LiveAgent[];
  readonly receiverPid: number;
  /** A folder that goes away with the region. */
  scratch(name: string): Promise<string>;
  close(): Promise<void>;
}

export interface LiveAgent {
  readonly stateFolder: string;
  readonly configFile: string;
  start(): Promise<RunningAgent>;
}

export interface RunningAgent {
  readonly pid: number;
  readonly sourceFolder: string;
  /** Puts whole files where the agent looks: written beside, then renamed. */
  prepare(files: readonly GeneratedExport[]): Promise<ReadyFiles>;
  /** Resolves when the agent has taken `exports` files in all and every receipt it waits for is in. */
  settled(exports: number): Promise<void>;
  stop(): Promise<void>;
}

export interface ReadyFiles {
  /** Shows them to the agent. */
  drop(): Promise<void>;
}

export const sourceName = 'exports';
const settleMs = 900_000;
const lookEveryMs = 20;

export async function createLiveRegion(agents: readonly (readonly string[])[]): Promise<LiveRegion> {
  const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-bench-'));
  const region = await createRegion({ keep: false }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const close = async (): Promise<void> => {
    await region.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const facilities = [...new Set(agents.flat())].map((finess) => ({ finess, name: finess }));
    await region.addFacilities(facilities);
    await region.serve();
    const live: LiveAgent[] = [];
    for (const [index, own] of agents.entries())
      live.push(await enrol(region, folder, `bench-${index + 1}`, own));
    return {
      region,
      keysFolder: stateFolder(join(region.folder, 'receiver')).keys,
      agents: live,
      receiverPid: await childNamed('receiver/main.ts', 'serve', region.receiverConfig),
      scratch: async (name) => {
        const path = join(folder, name);
        await mkdir(path, { recursive: true });
        return path;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function enrol(
  region: Region,
  folder: string,
  name: string,
  facilities: readonly string[],
): Promise<LiveAgent> {
  const source = join(folder, name, 'source');
  const beside = join(folder, name, 'beside');
  await mkdir(source, { recursive: true });
  await mkdir(beside, { recursive: true });
  const agent = await region.enroll({
    name,
    facilities,
    sourceFolder: source,
    ready: 'now',
    after: 'archive',
  });
  await scanOften(agent.configFile);
  return {
    stateFolder: agent.stateFolder,
    configFile: agent.configFile,
    start: () => startAgent(agent, source, beside),
  };
}

/** The time until a scan sees a file belongs to the settings, not to the figure. */
async function scanOften(configFile: string): Promise<void> {
  const config = JSON.parse(await readFile(configFile, 'utf8')) as { sources: Record<string, unknown>[] };
  const sources = config.sources.map((one) => ({ ...one, scanSeconds: 0.2 }));
  await writeFile(configFile, JSON.stringify({ ...config, sources, logLevel: 'info' }));
}

async function startAgent(agent: Agent, source: string, beside: string): Promise<RunningAgent> {
  const child = agent.start();
  let over = false;
  child.ended.then(
    () => (over = true),
    () => (over = true),
  );
  const pid = await childNamed('agent/main.ts', 'run', agent.configFile);
  return {
    pid,
    sourceFolder: source,
    prepare: async (files) => {
      for (const { name, content } of files) await writeFile(join(beside, name), content);
      return {
        drop: async () => {
          for (const { name } of files) await rename(join(beside, name), join(source, name));
        },
      };
    },
    settled: (exports) => settled(agent, exports, () => over),
    stop: () => child.stop(),
  };
}

async function settled(agent: Agent, expected: number, isOver: () => boolean): Promise<void> {
  const deadline = performance.now() + settleMs;
  const database = await opened(databaseOf(agent.stateFolder));
  try {
    const files = createFileBook(database);
    const exports = createExportBook(database);
    while ((files.status(sourceName)?.exports ?? 0) < expected || exports.unsettled(1).length > 0) {
      if (isOver()) throw new Error(`the agent stopped: ${agent.logFile}`);
      if (performance.now() > deadline) throw new Error('the exports did not settle in time');
      await wait(lookEveryMs);
    }
  } finally {
    database.close();
  }
}

/** The agent may still be creating it. */
async function opened(path: string): Promise<AgentDatabase> {
  for (let left = 1500; ; left -= 1) {
    let database: AgentDatabase | undefined;
    try {
      database = openAgentDatabase(path, { readonly: true });
      createFileBook(database).status(sourceName);
      return database;
    } catch (error) {
      database?.close();
      if (left === 0) throw error;
      await wait(lookEveryMs);
    }
  }
}
