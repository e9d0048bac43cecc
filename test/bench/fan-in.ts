import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../shared/runtime/clock.ts';
import { createLiveRegion } from './live-region.ts';
import { percentile } from './statistics.ts';
import { createSupply, filesOf } from './supply.ts';

const agents = 4;
const facilitiesEach = 30;

/** Every facility's week appears in the same moment; per round, the 99th percentile of seconds until its dispatch is there. */
export async function measureFanIn(rounds: number): Promise<readonly number[]> {
  const supplies = Array.from({ length: agents }, (_, index) =>
    createSupply({ first: 1000 + index * facilitiesEach, facilities: facilitiesEach, ...filesOf[400] }),
  );
  const live = await createLiveRegion(supplies.map(({ facilities }) => facilities));
  try {
    const running = await Promise.all(live.agents.map((agent) => agent.start()));
    const out = join(live.region.outFolder, 'oscour');
    const results: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const before = new Set(await readdir(out));
      const ready = await Promise.all(
        running.map((agent, index) => agent.prepare(supplies[index]?.next(facilitiesEach) ?? [])),
      );
      const droppedAt = systemClock.now();
      await Promise.all(ready.map((files) => files.drop()));
      await Promise.all(running.map((agent) => agent.settled((round + 1) * facilitiesEach)));
      const delivered = (await readdir(out)).filter((name) => !before.has(name));
      if (delivered.length < agents * facilitiesEach) throw new Error('dispatches are missing');
      const seconds: number[] = [];
      // The rename that shows a delivered file is the last change of its inode.
      for (const name of delivered) seconds.push(((await lstat(join(out, name))).ctimeMs - droppedAt) / 1000);
      if (round > 0) results.push(percentile(seconds, 0.99));
    }
    return results;
  } finally {
    await live.close();
  }
}
