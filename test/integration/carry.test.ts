import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { count, eventually } from '../fault/live.ts';
import { onCommandLine } from '../support/command-line.ts';
import { finess, rpuXml } from '../support/rpu-text.ts';

/** A region that the agent cannot reach: envelopes go there on a person's key, and receipts come back on it. */
const facility = finess(41);
let region: Region;
let other: Region;
let agent: Agent;
let source: string;

beforeAll(async () => {
  region = await createRegion({ keep: false });
  await region.addFacilities([{ finess: facility, name: 'Hôpital isolé' }]);
  await region.serve();
  source = join(region.folder, 'in');
  mkdirSync(source);
  agent = await region.enroll({
    ...{ name: 'isolated', facilities: [facility], sourceFolder: source, ready: 'now', after: 'archive' },
  });
  const grant = join(agent.stateFolder, 'identity/grant.json');
  // The address leads nowhere from now on.
  writeFileSync(grant, readFileSync(grant, 'utf8').replace(/https:\/\/localhost:\d+/, 'https://localhost:9'));
  other = await createRegion({ keep: false });
}, 120_000);
afterAll(async () => {
  await region.close();
  await other.close();
});

const at = (name: string): string => join(region.folder, name);
const database = (): string => join(agent.stateFolder, 'agent.db');

function write(name: string, day: number, hours: readonly number[]): void {
  const two = (n: number): string => String(n).padStart(2, '0');
  const visits = hours.map((hour) => ({
    entree: `${two(day)}/01/2026 ${two(hour)}:00`,
    motif: 'CANARIMOTIF',
  }));
  const days = {
    from: `${two(day)}/01/2026`,
    to: `${two(day)}/01/2026`,
    extract: `${two(day + 1)}/01/2026 02:00:00`,
  };
  writeFileSync(join(source, name), rpuXml({ finess: facility, ...days, visits }));
}

/** Reads and seals what is in the source; nothing of it can be sent. */
async function readOffline(): Promise<void> {
  const command = ['run', '--once', '--json', '--timeout', '2', '--config', agent.configFile];
  await startChild({ command: ['agent/main.ts', ...command], logFile: agent.logFile }).ended;
}

async function agentSays(
  ...words: readonly string[]
): Promise<{ code: number; document: Record<string, unknown> }> {
  const { code, out } = await onCommandLine([...words, '--json', '--config', agent.configFile]);
  return { code, document: JSON.parse(out) as Record<string, unknown> };
}

async function regionSays(
  config: string,
  ...words: readonly string[]
): Promise<{ code: number | null; document: Record<string, unknown> }> {
  const command = ['carry', 'import', ...words, '--json', '--config', config];
  const { code, stdout } = await startChild({
    command: ['receiver/main.ts', ...command],
    logFile: at('carry.log'),
  }).ended;
  return { code, document: JSON.parse(stdout) as Record<string, unknown> };
}

const inbox = (): number =>
  count(join(region.receiverState, 'receiver.db'), 'select count(*) n from envelope');
const pending = (): number => count(database(), `select count(*) n from envelopes where state <> 'accepted'`);

/** A carry file whose content was changed by someone who made its digest right again. */
function forge(from: string, to: string, change: (bytes: Buffer) => Buffer): void {
  const body = change(Buffer.from(readFileSync(from).subarray(0, -32)));
  writeFileSync(to, Buffer.concat([body, createHash('sha256').update(body).digest()]));
}

describe('envelopes carried by hand', () => {
  it('reach the agency, and their receipts settle them at the hospital', async () => {
    write('a.xml', 5, [8, 9, 10]);
    write('b.xml', 6, [8, 9]);
    await readOffline();
    const exported = await agentSays('carry', 'export', at('out.vgm'));
    expect(exported).toMatchObject({
      code: 0,
      document: { envelopes: 2, exports: 2, records: 5, tombstones: 0 },
    });
    expect(statSync(at('out.vgm')).mode & 0o777).toBe(0o600);
    expect(readFileSync(at('out.vgm')).includes('CANARIMOTIF')).toBe(false);
    expect(pending()).toBe(2);

    const imported = await regionSays(region.receiverConfig, at('out.vgm'), '--answer', at('back.vgm'));
    expect(imported).toMatchObject({ code: 0, document: { stored: 2, repeats: 0, refused: {} } });
    await eventually('delivered', () => readdirSync(join(region.outFolder, 'oscour')).length === 2);

    const back = await agentSays('carry', 'import', at('back.vgm'));
    expect(back).toMatchObject({ code: 0, document: { settled: 2, busy: 0, refused: 0 } });
    expect(pending()).toBe(0);
    const { document } = await agentSays('history');
    expect(document['exports']).toMatchObject([{ file: 'b.xml' }, { file: 'a.xml' }]);
    for (const { state } of document['exports'] as { state: string }[])
      expect(['processed', 'forwarded']).toContain(state);
    for (const ended of [await agent.verify(), await region.verify()])
      expect(ended).toMatchObject({ code: 0 });
  }, 90_000);

  it('carried twice are received once, and a later answer brings what was delivered since', async () => {
    const before = inbox();
    const again = await regionSays(region.receiverConfig, at('out.vgm'), '--answer', at('later.vgm'));
    expect(again).toMatchObject({ code: 0, document: { stored: 0, repeats: 2 } });
    expect(inbox()).toBe(before);
    expect(await agentSays('carry', 'import', at('later.vgm'))).toMatchObject({
      code: 0,
      document: { settled: 0 },
    });
    expect((await agentSays('history')).document).toMatchObject({
      exports: [{ state: 'forwarded' }, { state: 'forwarded' }],
    });
    for (const ended of [await agent.verify(), await region.verify()])
      expect(ended).toMatchObject({ code: 0 });
  }, 60_000);

  it('with nothing waiting no file is written, and none is written over', async () => {
    expect((await agentSays('carry', 'export', at('none.vgm'))).document).toMatchObject({
      file: null,
      envelopes: 0,
    });
    expect(existsSync(at('none.vgm'))).toBe(false);
    write('c.xml', 7, [8]);
    await readOffline();
    expect(await agentSays('carry', 'export', at('out.vgm'))).toMatchObject({
      code: 1,
      document: { error: { code: 'carry-file-exists' } },
    });
  }, 60_000);

  it.each([
    ['cut', 'carry-cut', (): void => truncateSync(at('bad.vgm'), statSync(at('bad.vgm')).size - 50)],
    ['damaged', 'carry-altered', (): void => damage(at('bad.vgm'))],
    ['not one of ours', 'carry-not-one', (): void => writeFileSync(at('bad.vgm'), 'a,b\n1,2\n')],
    [
      'forged, with its digest made right',
      'envelope-signature-invalid',
      (): void => forge(at('bad.vgm'), at('bad.vgm'), (bytes) => flip(bytes, bytes.length - 100)),
    ],
  ] as const)(
    'a file that is %s changes nothing (%s)',
    async (_name, code, spoil) => {
      if (!existsSync(at('third.vgm'))) await agentSays('carry', 'export', at('third.vgm'));
      copyFileSync(at('third.vgm'), at('bad.vgm'));
      spoil();
      const before = inbox();
      expect(await regionSays(region.receiverConfig, at('bad.vgm'))).toMatchObject({
        code: 1,
        document: { error: { code } },
      });
      expect(inbox()).toBe(before);
    },
    60_000,
  );

  it('go to their own region only, and the right way round', async () => {
    expect(await regionSays(other.receiverConfig, at('third.vgm'))).toMatchObject({
      document: { error: { code: 'carry-other-region' } },
    });
    expect(await regionSays(region.receiverConfig, at('back.vgm'))).toMatchObject({
      document: { error: { code: 'carry-wrong-kind' } },
    });
    expect(await agentSays('carry', 'import', at('third.vgm'))).toMatchObject({
      document: { error: { code: 'carry-wrong-kind' } },
    });
  }, 60_000);

  it('an answer forged on its way settles nothing', async () => {
    await regionSays(region.receiverConfig, at('third.vgm'), '--answer', at('fourth.vgm'));
    const receipt = readFileSync(at('fourth.vgm')).indexOf('\\"seq\\":');
    forge(at('fourth.vgm'), at('forged.vgm'), (bytes) => {
      bytes.write('9', receipt + 8);
      return bytes;
    });
    expect(await agentSays('carry', 'import', at('forged.vgm'))).toMatchObject({
      code: 1,
      document: { error: { code: 'receipt-invalid' } },
    });
    expect(pending()).toBe(1);
    expect(await agentSays('carry', 'import', at('fourth.vgm'))).toMatchObject({
      code: 0,
      document: { settled: 1 },
    });
    expect(await agent.verify()).toMatchObject({ code: 0 });
  }, 60_000);

  it('say in both languages what to do next', async () => {
    write('d.xml', 8, [8]);
    await readOffline();
    const french = await onCommandLine(['carry', 'export', at('fr.vgm'), '--config', agent.configFile]);
    expect(french.out).toContain('Portez-le à la région : receiver carry import');
    const english = await onCommandLine(['carry', 'export', at('en.vgm'), '--config', agent.configFile], {
      ...{ language: 'en', terminal: true },
    });
    expect(english.out).toContain('Take it to the region: receiver carry import');
    expect(english.err).toContain('Envelopes written: 1 of 1');
    expect((await agentSays('history', '--audit')).document['audit']).toMatchObject(
      [
        'carry-export',
        'carry-export',
        'carry-import',
        'carry-export',
        'carry-import',
        'carry-import',
        'carry-export',
      ].map((action) => ({ action })),
    );
  }, 60_000);
});

function flip(bytes: Buffer, index: number): Buffer {
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  return bytes;
}

function damage(path: string): void {
  const bytes = readFileSync(path);
  writeFileSync(path, flip(bytes, bytes.length - 200));
}
