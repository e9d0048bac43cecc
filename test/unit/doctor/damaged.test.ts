import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireWholeDatabase } from '../../../agent/outbox/check-database.ts';
import { openAgentDatabase } from '../../../agent/outbox/database.ts';
import { finishRepair } from '../../../agent/outbox/repair-files.ts';
import { asFault } from '../../../shared/runtime/errors.ts';
import { temporaryFolder } from '../agent/support.ts';

const rows = 2000;

/** A database whose `meta` fills many pages, closed. */
function written(): string {
  const path = join(temporaryFolder(), 'agent.db');
  const database = openAgentDatabase(path);
  database.transaction(() => {
    for (let n = 0; n < rows; n += 1)
      database.run('insert into meta (key, value) values (?, ?)', `key ${n}`, 'x'.repeat(100));
  });
  database.close();
  return path;
}

function ruin(path: string, from: number): void {
  const bytes = readFileSync(path);
  bytes.fill(0xff, from, bytes.length - 8 * 4096);
  writeFileSync(path, bytes);
}

describe('a damaged database', () => {
  it('is named when it is opened', () => {
    const path = written();
    writeFileSync(path, 'no database at all'.repeat(1000));
    expect(() => openAgentDatabase(path)).toThrow('database-damaged');
  });

  it('is named when it is met later, and whoever runs is told', () => {
    const path = written();
    const heard: string[] = [];
    const database = openAgentDatabase(path, { onDamaged: (fault) => heard.push(asFault(fault).code) });
    ruin(path, readFileSync(path).length / 2);
    const readAll = (): unknown => database.all('select key, value from meta order by key');
    expect(readAll).toThrow('database-damaged');
    expect(heard).toEqual(['database-damaged']);
    database.close();
  });

  it('stops a start before anything is read or written', async () => {
    const path = written();
    await requireWholeDatabase(path);
    ruin(path, readFileSync(path).length / 2);
    await expect(requireWholeDatabase(path)).rejects.toThrow('database-damaged');
  });
});

it('a repair that was stopped just before its end takes effect at the next start', async () => {
  const [path, rebuilt] = [written(), written()];
  const whole = readFileSync(rebuilt);
  writeFileSync(`${path}.rebuilt`, whole);
  writeFileSync(`${path}-wal`, 'of the old database');
  await finishRepair(path);
  expect(readFileSync(path)).toEqual(whole);
  await requireWholeDatabase(path);
});
