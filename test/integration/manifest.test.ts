import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTrustBundle, trustBundlePath } from '../../receiver/auth/trust-bundle-file.ts';
import { readManifestFile, readRegionTrust } from '../../shared/protocol/manifest-statement.ts';
import { dayOfInstant, dayToFrench, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { openRig } from '../unit/apply/rig.ts';
import { whole } from '../unit/calendar/kit.ts';
import { createSigningRegion, tampered, type SigningRegion } from '../unit/manifests/regions.ts';
import { createLab, type Lab } from '../unit/receiver/lab.ts';

const main = resolve(import.meta.dirname, '../../receiver/main.ts');
const french = { LANG: 'fr_FR.UTF-8', LANGUAGE: '', LC_ALL: '', LC_MESSAGES: '' };
const dayMs = 86_400_000;

async function receiver(
  ...words: readonly string[]
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, [main, ...words], {
    env: { ...process.env, ...french },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString('utf8')));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...texts };
}

describe('a region', () => {
  const facilities = ['990000010', '990000028'] as const;
  let lab: Lab;
  let config: string;
  let out: string;
  const yesterday = (dayOfInstant(Date.now()) - 1) as Day;

  beforeAll(async () => {
    lab = await createLab();
    await writeFile(trustBundlePath(lab.folder), lab.bundle.jws);
    config = join(lab.folder, 'receiver.yaml');
    out = join(lab.folder, 'out');
    const listener = '{ host: 127.0.0.1, port: 0 }';
    await writeFile(
      config,
      `state: .
region: Test region
listeners: { ingest: ${listener}, enrolment: ${listener}, health: ${listener} }
destinations:
  - name: agency
    owner: National agency
    feed: ed-visits
    format: oscour-xml
    transport: { kind: directory, folder: out }
    manifest: { deliver: true, cutOff: "00:00" }
`,
    );
    const [first] = await Promise.all(facilities.map((facility) => openRig({ facility, store: lab.store })));
    first?.clock.set(Date.now() - dayMs / 2);
    await first?.send(whole(facilities[0], yesterday, [2]));
    // It was there before: yesterday is its business.
    await lab.store.transaction((tx) => tx.calendars.putStart('agency', Date.now() - 3 * dayMs));
  });
  afterAll(() => lab.close());

  it('issues, signs and delivers, and shows and proves what it said', async () => {
    const child = spawn(process.execPath, [main, 'serve', '--config', config], { stdio: 'ignore' });
    const name = `M_agency_${dayToIso(yesterday).replaceAll('-', '')}_`;
    const delivered = async (): Promise<string | undefined> =>
      (await readdir(out).catch(() => [])).find((each) => each.startsWith(name));
    for (let tries = 0; (await delivered()) === undefined && tries < 1000; tries += 1) await wait(20);
    child.kill('SIGTERM');
    await once(child, 'exit');
    const file = join(out, (await delivered()) ?? '');

    const bundle = trustBundlePath(lab.folder);
    const verified = await receiver('manifest', 'verify', file, '--bundle', bundle);
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(verified.out).toContain('Authentique : signé par la région Test region');
    expect(verified.out).toContain(lab.region.rootDigest);
    expect(verified.out).toMatch(/990000010 {2}(reçu|en retard) {2}2 enregistrements/);
    expect(verified.out).toMatch(/990000028 {2}absent .* 0 enregistrements/);
    const pinned = ['--bundle', bundle, '--root', lab.region.rootDigest];
    expect((await receiver('manifest', 'verify', file, ...pinned)).code).toBe(0);
    const wrong = ['--bundle', bundle, '--root', '0'.repeat(64)];
    expect(await receiver('manifest', 'verify', file, ...wrong)).toMatchObject({ code: 1 });

    const day = ['--day', dayToIso(yesterday)];
    const shown = await receiver('manifest', 'show', 'agency', ...day, '--json', '--config', config);
    expect(readManifestFile(shown.out)).toBe(readManifestFile(await readFile(file, 'utf8')));
    const lines = await receiver('manifest', 'show', 'agency', '--config', config);
    expect(lines.out).toContain(`jour ${dayToFrench(yesterday)}`);
    expect(lines.out).not.toContain('Authentique');
    expect((await readTrustBundle(lab.folder)).jws).toBe(lab.bundle.jws);
  });

  it('says that there is none, when there is none', async () => {
    const none = await receiver('manifest', 'show', 'agency', '--day', '2020-01-01', '--config', config);
    expect(none.code).toBe(1);
    expect(none.err).toContain('manifest-none');
    expect((await receiver('manifest', 'show', 'nobody', '--config', config)).err).toContain(
      'destination-unknown',
    );
  });

  it('says why nothing comes, lists it, and takes it back', async () => {
    const notice = (...words: readonly string[]) =>
      receiver('facility', 'notice', ...words, '--config', config);
    const days = ['--from', '2026-01-01', '--to', '2099-12-31'];
    const said = ['--reason', 'travaux', '--by', 'A. Martin'];
    const added = await notice('990000028', 'closed', ...days, ...said);
    expect(added).toMatchObject({ code: 0, err: '' });
    const id = /n° (\d+)/.exec(added.out)?.[1] ?? '';
    expect((await notice('list')).out).toContain('travaux (A. Martin)');
    expect((await notice('end', id)).code).toBe(0);
    expect((await notice('list')).out).toContain('Aucun avis');
    expect((await notice('end', id)).err).toContain('notice-unknown');
  });

  it.each([
    [['990000036', 'closed', '--from', '2026-01-01', '--to', '2026-01-02'], 'notice-facility-unknown'],
    [['990000010', 'shut', '--from', '2026-01-01', '--to', '2026-01-02'], 'command-invalid'],
    [['990000010', 'closed', '--from', '2026-01-03', '--to', '2026-01-02'], 'command-invalid'],
    [['990000010', 'closed', '--to', '2026-01-02'], 'command-invalid'],
    [['990000011', 'closed', '--from', '2026-01-01', '--to', '2026-01-02'], 'facility-finess-invalid'],
    [['end', 'x'], 'command-invalid'],
  ])('refuses the notice %j', async (words, code) => {
    const said = words[0] === 'end' ? [] : ['--reason', 'r', '--by', 'A. Martin'];
    const found = await receiver('facility', 'notice', ...words, ...said, '--config', config);
    expect(found.code).toBe(1);
    expect(found.err).toContain(`[${code}]`);
  });
});

describe('a nation', () => {
  const names = Array.from({ length: 18 }, (_, index) => `Region ${String(index + 1).padStart(2, '0')}`);
  let folder: string;
  let regions: readonly SigningRegion[];
  const path = (kind: 'm' | 'b', index: number): string => join(folder, `${kind}${index + 1}.json`);
  const manifests = (): readonly string[] => names.map((_, index) => path('m', index));
  const bundles = (count = names.length): readonly string[] =>
    names.slice(0, count).flatMap((_, index) => ['--bundle', path('b', index)]);
  interface Merged {
    readonly regions: readonly { region: string; verified: boolean; file: string; serial: number }[];
    readonly refused: readonly { file: string; code: string; reason: string }[];
    readonly replaced: readonly { file: string; serial: number }[];
    readonly totals: Readonly<Record<string, number>>;
  }
  const merge = async (...words: readonly string[]): Promise<{ code: number | null; merged: Merged }> => {
    const { code, out } = await receiver('manifest', 'merge', ...words, '--json');
    return { code, merged: JSON.parse(out) as Merged };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vgm-nation-'));
    await mkdir(folder, { recursive: true });
    regions = await Promise.all(names.map((name) => createSigningRegion(name)));
    for (const [index, region] of regions.entries()) {
      await writeFile(path('m', index), JSON.stringify(await region.sign()));
      await writeFile(path('b', index), region.bundle);
    }
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true }));

  it('puts the manifests of eighteen regions together, all of them proven', async () => {
    const { code, merged } = await merge(...manifests(), ...bundles());
    expect(code).toBe(0);
    expect(merged.regions.map(({ region, verified }) => [region, verified])).toEqual(
      names.map((name) => [name, true]),
    );
    expect(merged.totals).toMatchObject({
      ...{ facilities: 36, expected: 36, received: 18, absent: 18, records: 18 * 42 },
    });
    const { out } = await receiver('manifest', 'merge', ...manifests(), ...bundles());
    expect(out).toContain('Region 07 → oscour, 10/01/2026 (n° 1) : authentique');
    expect(out).toContain('Ensemble : 18 régions, dont 0 non vérifiées ; 0 fichiers refusés');
    expect(out).toContain('36 attendus : 18 reçus, 0 en retard, 18 absents');
  });

  it('says which are not proven, for want of a bundle', async () => {
    const { code, merged } = await merge(...manifests(), ...bundles(15));
    expect(code).toBe(0);
    expect(merged.regions.filter(({ verified }) => !verified).map(({ region }) => region)).toEqual(
      names.slice(15),
    );
    expect((await receiver('manifest', 'merge', ...manifests(), ...bundles(15))).out).toContain(
      'NON VÉRIFIÉ',
    );
  });

  it('refuses a tampered one and counts it nowhere, the others stand', async () => {
    const signed = await regions[4]?.sign();
    if (signed === undefined) throw new Error('no region');
    const facilities = signed.manifest.facilities.map((each) => ({ ...each, state: 'received' as const }));
    await writeFile(join(folder, 'bad.json'), JSON.stringify(tampered(signed, { facilities })));
    await writeFile(
      join(folder, 'shown.json'),
      JSON.stringify({ ...signed, manifest: { ...signed.manifest, facilities } }),
    );
    const others = manifests().filter((_, index) => index !== 4);
    const bad = [join(folder, 'bad.json'), join(folder, 'shown.json')];
    const { code, merged } = await merge(...others, ...bad, ...bundles());
    expect(code).toBe(1);
    expect(merged.refused.map(({ file, code: why, reason }) => [file, why, reason])).toEqual([
      [bad[0], 'manifest-invalid', 'signature'],
      [bad[1], 'manifest-invalid', 'differs'],
    ]);
    expect(merged.regions).toHaveLength(17);
    expect(merged.totals).toMatchObject({ expected: 34, received: 17 });
    const { out } = await receiver('manifest', 'merge', ...others, ...bad, ...bundles());
    expect(out).toContain('il a été modifié');
  });

  it('takes the later one of a day, and never one that is not proven for one that is', async () => {
    const [region] = regions;
    const later = await region?.sign({ serial: 7 });
    await writeFile(join(folder, 'later.json'), JSON.stringify(later));
    const poser = await createSigningRegion('Another name');
    const posing = await poser.sign({ region: names[1] ?? '', serial: 99 });
    await writeFile(join(folder, 'posing.json'), JSON.stringify(posing));
    const words = [join(folder, 'later.json'), path('m', 0), path('m', 1), join(folder, 'posing.json')];
    const { code, merged } = await merge(...words, ...bundles(2));
    expect(merged.regions.map(({ region: name, serial }) => [name, serial])).toEqual([
      [names[0], 7],
      [names[1], 1],
    ]);
    expect(merged.replaced).toEqual([{ file: path('m', 0), serial: 7 }]);
    expect(merged.refused).toMatchObject([{ file: join(folder, 'posing.json'), reason: 'key' }]);
    expect(code).toBe(1);
  });

  it('is told of files that are none', async () => {
    const absent = await receiver('manifest', 'verify', join(folder, 'none'), '--bundle', path('b', 0));
    expect(absent.err).toContain('[manifest-unreadable]');
    const noBundle = await receiver('manifest', 'verify', path('m', 0));
    expect(noBundle.err).toContain('[command-invalid]');
    const swapped = await receiver('manifest', 'verify', path('m', 0), '--bundle', path('b', 1));
    expect(swapped.err).toContain('[manifest-invalid]');
    const notBundle = await receiver('manifest', 'verify', path('m', 0), '--bundle', path('m', 0));
    expect(notBundle.err).toContain('[bundle-invalid]');
    const trust = await readRegionTrust(await readFile(path('b', 0), 'utf8'));
    expect(trust.region).toBe(names[0]);
  });
});
