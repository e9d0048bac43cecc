import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTrouble, type AgencyFault, type SandboxAgency } from '../../../installers/sandbox/agency.ts';
import { startAgency } from '../../../installers/sandbox/choose-agency.ts';
import { startHttpsAgency } from '../../../installers/sandbox/https-agency.ts';
import { destination as settingsOf } from '../../../receiver/config-destinations.ts';
import type { DeliveryReport, Destination } from '../../../receiver/forward/destination.ts';
import { openDestination } from '../../../receiver/forward/open-destination.ts';
import { asFault } from '../../../shared/runtime/errors.ts';

let folder: string;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vaguemestre-depot-'));
});
afterEach(async () => {
  for (let close = closing.pop(); close !== undefined; close = closing.pop()) await close();
  rmSync(folder, { recursive: true, force: true });
});

interface Stage {
  readonly deliver: (name: string, text?: string) => Promise<DeliveryReport>;
  readonly ended: Promise<void>;
  readonly events: readonly string[];
}

/** The region's own client against the sandbox's agency. */
async function stage(fault: AgencyFault | undefined, seconds = 3600): Promise<Stage> {
  const events: string[] = [];
  let end = (): void => undefined;
  const ended = new Promise<void>((settle) => {
    end = settle;
  });
  const trouble = createTrouble(fault, seconds, {
    onBegin: (which) => events.push(`begins ${which}`),
    onEnd: () => end(),
  });
  const agency: SandboxAgency = await startHttpsAgency(folder, trouble);
  closing.push(() => agency.close());
  const settings = settingsOf.parse({
    ...{ name: 'oscour', feed: 'ed-visits', format: 'oscour-xml', transport: { kind: 'directory', folder } },
    ...agency.settings,
  });
  const region: Destination | undefined = openDestination(settings);
  if (region === undefined) throw new Error('it is delivered to');
  closing.push(() => region.close());
  return {
    events,
    ended,
    deliver: async (name, text = name) => {
      const content = Buffer.from(text);
      await region.open();
      const file = { name, content, digest: hash('sha256', content, 'hex') };
      return region.deliver([file], AbortSignal.timeout(30_000));
    },
  };
}

describe('the HTTPS agency of the sandbox', () => {
  it('keeps what it is given under its name, whole, and accepts it', async () => {
    const { deliver } = await stage(undefined);
    const report = await deliver('one.xml');
    expect(report).toMatchObject({ delivered: 1, fault: undefined });
    expect(report.said?.get('one.xml')?.answer?.verdict).toBe('acknowledged');
    expect(readFileSync(join(folder, 'one.xml'), 'utf8')).toBe('one.xml');
    expect(await deliver('one.xml')).toMatchObject({ delivered: 1 });
    const taken = await deliver('one.xml', 'another content');
    expect(taken.fault?.code).toBe('delivery-name-taken');
    expect(readdirSync(folder)).toEqual(['one.xml']);
  });

  it.each(['cut', 'slow', 'down'] as const)('once it has one file, fails by: %s', async (fault) => {
    const { deliver, events } = await stage(fault);
    expect(await deliver('one.xml')).toMatchObject({ delivered: 1 });
    expect(events).toEqual([`begins ${fault}`]);
    const failed = await deliver('two.xml');
    expect([failed.delivered, failed.fault?.code]).toEqual([0, 'delivery-unavailable']);
    expect(readdirSync(folder)).toEqual(['one.xml']);
  });

  it('refuses by a code of its own, and is well again after its time', async () => {
    const { deliver, ended } = await stage('refuse', 0.5);
    await deliver('one.xml');
    const refused = await deliver('two.xml');
    expect(refused.said?.get('two.xml')?.answer).toEqual({ verdict: 'refused', code: 'ESSAI-042' });
    await ended;
    expect(await deliver('three.xml')).toMatchObject({ delivered: 1 });
    expect(readdirSync(folder).sort()).toEqual(['one.xml', 'three.xml']);
  });
});

describe('the choice of an agency', () => {
  const code = async (fault: string | undefined, seconds: number): Promise<string> => {
    const none = { onBegin: () => undefined, onEnd: () => undefined };
    const work = startAgency({ fault, seconds, sftp: false }, folder, none);
    work.then(
      (agency) => closing.push(() => agency.close()),
      () => undefined,
    );
    return work.then(
      () => 'started',
      (error: unknown) => asFault(error).code,
    );
  };

  it('knows four faults, of a bounded length', async () => {
    expect(await code('elsewhere', 40)).toBe('sandbox-agency-fault');
    expect(await code('down', 0)).toBe('sandbox-agency-fault');
    expect(await code('down', Number.NaN)).toBe('sandbox-agency-fault');
    expect(await code('down', 40)).toBe('started');
  });
});
