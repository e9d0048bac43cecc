import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { databaseOf } from '../../agent/agent.ts';
import { loadIdentity } from '../../agent/enrolment/identity.ts';
import { adoptLedgers } from '../../agent/outbox/adopt-ledgers.ts';
import { openAgentDatabase } from '../../agent/outbox/database.ts';
import { createOutbox } from '../../agent/outbox/outbox.ts';
import { commandLine } from '../../agent/service/unit.ts';
import { linuxX64 } from '../../installers/common/platforms.ts';
import { agentFacts, installFile } from '../../installers/common/products.ts';
import { stage } from '../../installers/common/stage.ts';
import { fictitiousFiness } from '../../installers/sandbox/exports.ts';
import { streamExport } from '../../installers/sandbox/stream.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { unitEnvironment } from '../../shared/release/unit-parts.ts';
import { dayFromIso } from '../../shared/runtime/paris-time.ts';
import { createLiveRegion } from './live-region.ts';
import { memoryOf } from './process-cost.ts';
import { fillQueue } from './queue.ts';

const idleSeconds = 8;
/** A visit of shape C takes about this much. */
const bytesPerRecord = 555;

/** Resident memory of a fresh agent once it has been left alone, installed as a package installs it. */
export async function measureIdle(): Promise<number> {
  const live = await createLiveRegion([[fictitiousFiness(500)]]);
  try {
    const [enrolled] = live.agents;
    if (enrolled === undefined) throw new Error('no agent');
    const home = await live.scratch('installed');
    await stage(agentFacts, { platform: linuxX64, release, home, releaseKeys: {} });
    const install = { ...installFile(agentFacts, 'tar'), releases: null, trial: null };
    await writeFile(join(home, 'install.json'), JSON.stringify(install));
    const [node = '', ...words] = commandLine({
      node: join(home, 'runtime/node'),
      script: join(home, 'launch.mjs'),
      configPath: enrolled.configFile,
    });
    const environment = [...unitEnvironment.matchAll(/^Environment=(\w+)=(.*)$/gm)];
    const agent = spawn(node, words, {
      stdio: 'ignore',
      env: {
        ...process.env,
        ...Object.fromEntries(
          environment.map(([, name = '', value = '']): [string, string] => [name, value]),
        ),
        VAGUEMESTRE_WATCH_PARENT: String(process.pid),
      },
    });
    const ended = once(agent, 'exit');
    try {
      await wait(idleSeconds * 1000);
      return (await memoryOf(agent.pid ?? 0)).residentMb;
    } finally {
      agent.kill();
      await ended;
    }
  } finally {
    await live.close();
  }
}

/** Of no consequence for what is measured. */
const release = {
  ...{ version: '0.1.0', epoch: 0, sequence: 0, minimum: '0.1.0', downgrade: false },
  expiresAt: 0,
};

/** Highest resident memory of an agent that has carried one large file. */
export async function measureLargeFile(megabytes: number): Promise<number> {
  const finess = fictitiousFiness(501);
  const live = await createLiveRegion([[finess]]);
  try {
    const from = dayFromIso('2015-01-01');
    if (from === undefined) throw new Error('no such day');
    const folder = await live.scratch('large');
    const path = join(folder, 'large.xml');
    const records = Math.ceil((megabytes * 1024 ** 2) / bytesPerRecord);
    // As many years as it takes, a busy site.
    const visits = { seed: 8, finess, shape: 'C', records, from, visitsPerDay: 300 } as const;
    await pipeline(streamExport(visits), createWriteStream(path));
    const agent = await live.agents[0]?.start();
    if (agent === undefined) throw new Error('no agent');
    await rename(path, join(agent.sourceFolder, 'large.xml'));
    await agent.settled(1);
    return (await memoryOf(agent.pid)).highestMb;
  } finally {
    await live.close();
  }
}

export interface Backlogged {
  readonly restartSeconds: readonly number[];
  readonly highestMb: readonly number[];
}

/** Attempts to connect that show the queue moving: receipts and heartbeat make two. */
const enoughConnections = 3;

/**
 * An agent that died with envelopes on their way starts again on its backlog, the receiver being away: a listener in its
 * place counts attempts and answers none.
 */
export async function measureBacklog(
  pending: number,
  rounds: number,
  watchSeconds: number,
): Promise<Backlogged> {
  const live = await createLiveRegion([[fictitiousFiness(502)]]);
  try {
    const [enrolled] = live.agents;
    if (enrolled === undefined) throw new Error('no agent');
    await stopReceiver(live.receiverPid);
    const identity = await loadIdentity(enrolled.stateFolder);
    const { ingestUrl } = identity;
    const database = openAgentDatabase(databaseOf(enrolled.stateFolder));
    // As a first start leaves it: else the queue would be taken for one of an earlier enrolment.
    adoptLedgers({ database, outbox: createOutbox({ database, clock: systemClock }) }, identity);
    fillQueue(database, systemClock, pending);
    createOutbox({ database, clock: systemClock }).turn([], { limit: 8, order: 'oldest' });
    database.close();

    const result: { restartSeconds: number[]; highestMb: number[] } = { restartSeconds: [], highestMb: [] };
    for (let round = 0; round < rounds; round += 1) {
      const door = await listenInstead(Number(new URL(ingestUrl).port));
      const start = performance.now();
      const agent = await enrolled.start();
      await door.reached;
      result.restartSeconds.push((performance.now() - start) / 1000);
      await wait(watchSeconds * 1000);
      result.highestMb.push((await memoryOf(agent.pid)).highestMb);
      await agent.stop();
      await door.close();
    }
    return result;
  } finally {
    await live.close();
  }
}

async function stopReceiver(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  while (await isRunning(pid)) await wait(50);
}

/** A process that ended and has not been reaped yet counts as gone. */
async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State:\tZ');
  return !/^State:\s+Z/m.test(status);
}

async function listenInstead(
  port: number,
): Promise<{ readonly reached: Promise<void>; close(): Promise<void> }> {
  let connections = 0;
  let tell = (): void => undefined;
  const reached = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    connections += 1;
    if (connections >= enoughConnections) tell();
    // Held until enough have come: a refusal would make the agent wait before it tries more.
    if (connections >= enoughConnections) socket.destroy();
    else void reached.then(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return {
    reached,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}
