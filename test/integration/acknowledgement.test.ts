import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { verify as receiverVerify } from '../../receiver/commands/verify.ts';
import { loadConfig } from '../../receiver/config.ts';
import { loadRegion } from '../../receiver/pki/region-keys.ts';
import { stateFolder } from '../../receiver/state-folder.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { ask, eventually, french, visitsOf } from '../fault/live.ts';
import { onCommandLine } from '../support/command-line.ts';
import { finess, readRpuXml, rpuXml } from '../support/rpu-text.ts';
import {
  agencyCertificate,
  agencyClient,
  type AgencyClient,
  type AgencyReplyTo,
} from '../unit/agency/client.ts';
import { quiet } from '../unit/receiver/lab.ts';

/**
 * A hospital, its region and two agencies, as real processes over real files and sockets: one agency fetches and answers
 * over HTTPS, the other reads a folder and answers with files. What each says of a dispatch is seen by the hospital at the
 * very line it is about.
 */
const hospital = finess(871);
let base: string;
let region: Region;
let receiver: Child;
let agent: Agent;
let agency: AgencyClient;
const folder = (name: string): string => join(base, name);
const fetching = '/v1/destinations/oscour/dispatches';

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-answers-'));
  for (const name of ['in', 'agency', 'returns']) mkdirSync(folder(name));
  region = await createRegion({ keep: false, outFolder: folder('out') });
  const certificate = await agencyCertificate(Date.now());
  const config = JSON.parse(readFileSync(region.receiverConfig, 'utf8')) as {
    listeners: object;
    destinations: object[];
  };
  const destination = { feed: 'ed-visits', format: 'oscour-xml' };
  config.listeners = { ...config.listeners, agencies: { host: '127.0.0.1', port: 0 } };
  config.destinations = [
    {
      ...{ ...destination, name: 'oscour', acknowledgement: { kind: 'answer' } },
      transport: { kind: 'pull', certificates: [certificate.fingerprint] },
    },
    {
      ...{ ...destination, name: 'atih', transport: { kind: 'directory', folder: folder('agency') } },
      acknowledgement: { kind: 'folder', folder: folder('returns'), everySeconds: 1 },
    },
  ];
  writeFileSync(region.receiverConfig, JSON.stringify(config));
  await region.addFacilities([{ finess: hospital, name: 'Hospital' }]);
  receiver = await region.serve();
  const { agencies } = JSON.parse(readFileSync(join(region.receiverState, 'listeners.json'), 'utf8')) as {
    agencies: { port: number };
  };
  const { authorities } = await loadRegion(stateFolder(region.receiverState).keys);
  agency = agencyClient({ port: () => agencies.port, authorities, certificate });
  agent = await region.enroll({
    ...{ name: 'hospital', facilities: [hospital], sourceFolder: folder('in') },
    ...{ ready: 'now', after: 'keep' },
  });
  agent.start();
}, 90_000);

afterAll(async () => {
  agency.close();
  await receiver.stop();
  await region.close();
  rmSync(base, { recursive: true, force: true });
});

/** An export of one day, each tag on its own line; answers the line of its last visit. */
function writeExport(name: string, day: number, hour = 2): number {
  const text = rpuXml({
    ...{ finess: hospital, extract: `${french(day + 1)} 0${hour}:00:00`, from: french(day), to: french(day) },
    visits: visitsOf(day, 3),
  }).replaceAll('><', '>\n<');
  writeFileSync(join(base, name), text);
  renameSync(join(base, name), join(folder('in'), name));
  return text.split('\n').lastIndexOf('<PATIENT>') + 1;
}

async function receiverCommand(...words: readonly string[]): Promise<void> {
  const main = resolve(import.meta.dirname, '../../receiver/main.ts');
  await promisify(execFile)(process.execPath, [main, ...words, '--config', region.receiverConfig]);
}

interface Offer {
  readonly name: string;
  readonly file: string;
  readonly digest: string;
  readonly records: number;
}

/** The dispatch that waits for the agency that fetches. */
function offered(): Promise<Offer> {
  return eventually('a dispatch offered', async () => {
    const { json } = await agency.get(fetching);
    return (json['dispatches'] as Offer[])[0];
  });
}

interface Carried {
  readonly name: string;
  readonly destination: string;
  readonly delivery: string | null;
  readonly code: string | null;
  readonly forwardedAt: string | null;
  readonly at: string | null;
}

/** What the hospital's trace of a line says of one agency, once it says this. */
async function traced(what: string, destination: string, delivery: string): Promise<Carried> {
  return eventually(`${what} ${delivery} by ${destination}`, async () => {
    const { dispatches } = (await ask(agent, ['trace', what])).document as unknown as {
      dispatches: readonly Carried[];
    };
    return dispatches.find((each) => each.destination === destination && each.delivery === delivery);
  });
}

const time = '\\d\\d/\\d\\d/\\d{4} \\d\\d:\\d\\d';
const shown = async (what: string): Promise<string> =>
  (await onCommandLine(['trace', what, '--config', agent.configFile])).out;

/** Fetches it, then looks for more: by that the region knows that it arrived. */
async function take(name: string): Promise<AgencyReplyTo> {
  const taken = await agency.get(`${fetching}/${name}/content`);
  await agency.get(fetching);
  return taken;
}

describe('an agency that fetches', () => {
  it('takes the dispatch and acknowledges it: the hospital sees it at the line', async () => {
    const line = writeExport('monday.xml', 5);
    const offer = await offered();
    expect(offer.records).toBe(3);
    const { body, headers } = await take(offer.name);
    expect(headers['etag']).toBe(`"${offer.digest}"`);
    expect(readRpuXml(body.toString()).visits).toHaveLength(3);
    const forwarded = await traced(`monday.xml:${line}`, 'oscour', 'forwarded');
    expect(forwarded).toMatchObject({ name: offer.name, code: null });
    expect((await agency.get(fetching)).json['dispatches']).toEqual([]);

    const said = await agency.post(`${fetching}/${offer.name}/acknowledgement`, { verdict: 'acknowledged' });
    expect(said).toMatchObject({ status: 200, json: { state: 'acknowledged' } });
    const carried = await traced(`monday.xml:${line}`, 'oscour', 'acknowledged');
    expect(carried).toMatchObject({ name: offer.name, forwardedAt: forwarded.forwardedAt });
    expect(await shown(`monday.xml:${line}`)).toMatch(
      new RegExp(`^Envoi \\S+ vers oscour, .+ : transmis le ${time}, acquitté le ${time}$`, 'm'),
    );
  });

  it('refuses the next with its own code: an error of the hospital’s, until a newer one is sent', async () => {
    const line = writeExport('tuesday.xml', 6);
    const { name } = await offered();
    await take(name);
    await traced(`tuesday.xml:${line}`, 'oscour', 'forwarded');
    const refusal = { verdict: 'refused', code: 'E-42', reason: 'MME CANARI' };
    expect((await agency.post(`${fetching}/${name}/acknowledgement`, refusal)).status).toBe(200);
    expect(await traced(`tuesday.xml:${line}`, 'oscour', 'refused')).toMatchObject({ name, code: 'E-42' });
    expect(await shown(`tuesday.xml:${line}`)).toMatch(
      new RegExp(`, refusé par l’agence le ${time} \\(code E-42\\)$`, 'm'),
    );
    const troubles = async (): Promise<readonly { code: string }[]> =>
      (await ask(agent, 'status')).document['troubles'] as { code: string }[];
    expect((await troubles()).map(({ code }) => code)).toContain('agency-refused');
    // The other line is another dispatch's.
    expect(await traced('monday.xml:30', 'oscour', 'acknowledged')).toMatchObject({ code: null });

    const corrected = rpuXml({
      ...{ finess: hospital, extract: `${french(7)} 03:00:00`, from: french(6), to: french(6) },
      visits: visitsOf(6, 4),
    });
    writeFileSync(join(folder('in'), 'tuesday-corrected.xml'), corrected);
    const newer = await offered();
    await take(newer.name);
    await eventually('the refusal replaced', async () =>
      (await troubles()).every(({ code }) => code !== 'agency-refused'),
    );
  });
});

describe('days composed again by the region', () => {
  it('reach the hospital’s trace, though no export of its made that dispatch', async () => {
    const line = writeExport('friday.xml', 9);
    const first = await offered();
    await take(first.name);
    await agency.post(`${fetching}/${first.name}/acknowledgement`, { verdict: 'acknowledged' });
    await traced(`friday.xml:${line}`, 'oscour', 'acknowledged');
    await receiverCommand(
      'destination',
      'replay',
      'oscour',
      '--from',
      '2026-01-09',
      '--to',
      '2026-01-09',
      '--yes',
    );
    const again = await offered();
    expect(again.name).not.toBe(first.name);
    await take(again.name);
    expect((await traced(`friday.xml:${line}`, 'oscour', 'forwarded')).name).toBe(again.name);
    const refusal = { verdict: 'refused', code: 'AGAIN' };
    await agency.post(`${fetching}/${again.name}/acknowledgement`, refusal);
    expect(await traced(`friday.xml:${line}`, 'oscour', 'refused')).toMatchObject({
      ...{ name: again.name, code: 'AGAIN' },
    });
    const { export: found } = (await ask(agent, ['trace', 'friday.xml'])).document as {
      export: { state: string };
    };
    expect(found.state).toBe('refused');
  });
});

describe('an agency that answers with files in a folder', () => {
  const dispatchOf = (day: number): Promise<string> =>
    eventually('a dispatch in the folder', () =>
      readdirSync(folder('agency')).find(
        (name) =>
          name.endsWith('.xml') &&
          readRpuXml(readFileSync(join(folder('agency'), name), 'utf8')).from === french(day),
      ),
    );

  it('acknowledges one and refuses the other', async () => {
    const [accepted, refused] = [writeExport('wednesday.xml', 7), writeExport('thursday.xml', 8)];
    writeFileSync(join(folder('returns'), `${await dispatchOf(7)}.ack`), '');
    const carried = await traced(`wednesday.xml:${accepted}`, 'atih', 'acknowledged');
    expect(carried.forwardedAt).not.toBeNull();
    writeFileSync(join(folder('returns'), `${await dispatchOf(8)}.nack`), 'E-7\n');
    expect(await traced(`thursday.xml:${refused}`, 'atih', 'refused')).toMatchObject({ code: 'E-7' });
    await eventually('the answers taken away', () => readdirSync(folder('returns')).length === 0);
  });
});

it('all of it is proven: both ends verify, and the agency’s words rest nowhere', async () => {
  expect(await ask(agent, 'verify')).toMatchObject({ code: 0 });
  const context = {
    config: await loadConfig(region.receiverConfig),
    ...{ language: 'en' as const, clock: systemClock, random: systemRandom, logger: quiet },
  };
  expect((await receiverVerify(context)).exitCode).toBe(0);
  const holding = readdirSync(region.folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(region.folder, name))
    .filter((path) => {
      try {
        return readFileSync(path).includes('CANARI');
      } catch {
        return false;
      }
    });
  expect(holding).toEqual([]);
});
