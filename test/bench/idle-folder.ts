import { lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { databaseOf } from '../../agent/agent.ts';
import { openAgentDatabase } from '../../agent/outbox/database.ts';
import { fileSql } from '../../agent/outbox/queries.ts';
import { stampOf } from '../../agent/source/scan.ts';
import { fictitiousFiness } from '../../installers/sandbox/exports.ts';
import { createRegion } from '../../installers/sandbox/region.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { childNamed, costOf } from './process-cost.ts';

/** Past the start, and then long enough to hold a full listing of the folder (every five minutes) as often as it comes. */
const startSeconds = 20;
const watchedSeconds = 600;
const filesAtOnce = 256;

/** CPU of an agent at rest over a folder of `files` old exports it has taken and left there, in percent of one core. */
export async function measureIdleFolder(files: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-bench-'));
  const region = await createRegion({ keep: false });
  try {
    const finess = fictitiousFiness(503);
    await region.addFacilities([{ finess, name: finess }]);
    await region.serve();
    const sourceFolder = join(folder, 'source');
    await mkdir(sourceFolder);
    const options = { name: 'bench-idle', facilities: [finess], sourceFolder };
    const agent = await region.enroll({ ...options, ready: 'stable', after: 'keep' });
    const config = JSON.parse(await readFile(agent.configFile, 'utf8')) as { sources: { name: string }[] };
    // The pace of the defaults, not the sandbox's.
    const sources = config.sources.map((one) => ({ ...one, scanSeconds: 30 }));
    await writeFile(agent.configFile, JSON.stringify({ ...config, sources }));
    await fillFolder(agent.stateFolder, sources[0]?.name ?? '', sourceFolder, files);
    const child = agent.start();
    const pid = await childNamed('agent/main.ts', 'run', agent.configFile);
    await wait(startSeconds * 1000);
    const before = await costOf(pid);
    await wait(watchedSeconds * 1000);
    const after = await costOf(pid);
    await child.stop();
    return (after.cpuMs - before.cpuMs) / (watchedSeconds * 10);
  } finally {
    await region.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Old files, and what the agent remembers of each once it has been taken. */
async function fillFolder(state: string, source: string, folder: string, files: number): Promise<void> {
  const database = openAgentDatabase(databaseOf(state));
  const content = '<x/>'.repeat(150);
  try {
    for (let first = 0; first < files; first += filesAtOnce) {
      const names = Array.from(
        { length: Math.min(filesAtOnce, files - first) },
        (_unused, index) => `old-${first + index}.xml`,
      );
      const stamps = await Promise.all(
        names.map(async (name) => {
          await writeFile(join(folder, name), content);
          return stampOf(await lstat(join(folder, name), { bigint: true }));
        }),
      );
      database.transaction(() => {
        names.forEach((name, index) => {
          const { size = 0, mtime = 0, inode = '' } = stamps[index] ?? {};
          const id = systemRandom.uuid(systemClock.now());
          database.run(fileSql.put, source, Buffer.from(name), size, mtime, inode, id, null);
        });
      });
    }
  } finally {
    database.close();
  }
}
