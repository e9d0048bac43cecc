import { hash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createAgencyDoor } from '../../receiver/app-agencies.ts';
import type { DestinationConfig } from '../../receiver/config-destinations.ts';
import { openParcels } from '../../receiver/forward/open-destination.ts';
import { startAll, type Service } from '../../shared/runtime/lifecycle.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { createTestAuthority, type Identity } from '../support/peers/certificates.ts';
import { freePort } from '../support/peers/program.ts';
import { never } from './agency.ts';
import type { Carrier, OpenedAgency } from './case.ts';
import { faultsOnTheLine } from './on-the-line.ts';
import { inFolder } from './over-directory.ts';
import { lineTo } from './over-https.ts';
import { quiet, type Rig } from './rig.ts';

/** An agency that comes and fetches, through the region's own door, and goes on with a range where it was cut. */
export async function overPull(rig: Rig): Promise<OpenedAgency> {
  const base = mkdtempSync(join(tmpdir(), 'vaguemestre-pull-'));
  const folder = join(base, 'in');
  mkdirSync(folder);
  const authority = createTestAuthority();
  const server = authority.server();
  const own = authority.client('agency');
  const stranger = authority.client('stranger');
  let shown = own;
  const doorPort = await freePort();
  const line = await lineTo(doorPort);

  const carrier = (settings: DestinationConfig): Carrier => {
    const client = createClient({ port: line.port, authority: authority.pem, folder, shown: () => shown });
    let door: Service | undefined;
    return {
      step: async () => {
        door ??= await openDoor(rig, settings, { port: doorPort, identity: server });
        return client.fetchAll(settings.name);
      },
      met: () => client.met(),
      close: async () => {
        client.close();
        await door?.stop();
      },
    };
  };
  return {
    ...inFolder(folder),
    carrier,
    transport: () => ({ kind: 'pull', certificates: [own.fingerprint] }),
    // It decides itself what it keeps under which name, and is asked nothing when the receiver dies.
    without: ['name-taken', 'killed-before-settling'],
    faults: {
      ...withoutPatience(faultsOnTheLine(line, 'toClient', ['cut'])),
      'wrong-credentials': async () => {
        shown = stranger;
        return {
          ...{ shows: 'waits', codes: ['status 401'] },
          lift: async () => {
            shown = own;
          },
        };
      },
    },
    close: async () => {
      await line.close();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

/** Patience is the agency's own here, no setting of the region. */
function withoutPatience(faults: OpenedAgency['faults']): OpenedAgency['faults'] {
  const { stalled, ...others } = faults;
  if (stalled === undefined) return others;
  return {
    ...others,
    stalled: async (parcels) => {
      const { shows, lift, codes } = await stalled(parcels);
      return { shows, lift, codes };
    },
  };
}

async function openDoor(
  rig: Rig,
  settings: DestinationConfig,
  at: { readonly port: number; readonly identity: Identity },
): Promise<Service> {
  const door = createAgencyDoor({
    ...{
      store: rig.store,
      clock: { ...rig.clock, now: () => Date.now() },
      random: systemRandom,
      logger: quiet,
    },
    ...{ destinations: [settings], openParcels, stopping: never, refusalMs: 1 },
    sign: async (texts) => hash('sha256', texts.join('\n'), 'hex'),
    onReceipts: () => undefined,
    address: { host: '127.0.0.1', port: at.port },
    listening: { requestSeconds: 30, connections: 100, logger: quiet, random: systemRandom },
    tls: { key: at.identity.key, certificate: at.identity.certificate },
  });
  if (door === undefined) throw new Error('nobody fetches there');
  return startAll(door.services, quiet);
}

const listed = z.object({
  dispatches: z.array(z.object({ name: z.string(), file: z.string(), size: z.int(), digest: z.string() })),
});
type Listed = z.infer<typeof listed>['dispatches'][number];

interface Client {
  /** True when there may be more. */
  fetchAll(destination: string): Promise<boolean>;
  met(): string | null;
  close(): void;
}

const patienceMs = 1500;

function createClient(options: {
  readonly port: number;
  readonly authority: string;
  readonly folder: string;
  readonly shown: () => Identity;
}): Client {
  let met: string | null = null;
  // What was begun is gone on with, whatever the region says of it meanwhile.
  const begun = new Map<string, Listed>();

  const get = (agent: Agent, path: string, from: number, take: (piece: Buffer) => void): Promise<void> =>
    new Promise((settle, fail) => {
      const range = from === 0 ? {} : { range: `bytes=${from}-` };
      const asked = httpsRequest(
        { agent, host: '127.0.0.1', port: options.port, path, headers: range, timeout: patienceMs },
        (answer: IncomingMessage) => {
          if (answer.statusCode !== (from === 0 ? 200 : 206)) {
            answer.resume();
            fail(new Error(`status ${answer.statusCode ?? 0}`));
            return;
          }
          answer.on('data', take);
          answer.on('error', () => fail(new Error('cut')));
          answer.on('end', settle);
        },
      );
      asked.on('timeout', () => asked.destroy());
      asked.on('error', () => fail(new Error('cut')));
      asked.end();
    });

  const fetchOne = async (agent: Agent, destination: string, each: Listed): Promise<void> => {
    const part = join(options.folder, `.${each.file}.part`);
    begun.set(each.name, each);
    const from = existsSync(part) ? statSync(part).size : 0;
    const path = `/v1/destinations/${destination}/dispatches/${each.name}/content`;
    if (from < each.size) await get(agent, path, from, (piece) => appendFileSync(part, piece));
    if (hash('sha256', readFileSync(part), 'hex') !== each.digest) throw new Error('another digest');
    renameSync(part, join(options.folder, each.file));
    begun.delete(each.name);
  };

  return {
    met: () => met,
    close: () => undefined,
    fetchAll: async (destination) => {
      const { key, certificate: cert } = options.shown();
      const agent = new Agent({
        ...{ keepAlive: true, maxSockets: 1, ca: options.authority, servername: 'localhost', key, cert },
      });
      met = null;
      try {
        const pieces: Buffer[] = [];
        await get(agent, `/v1/destinations/${destination}/dispatches?state=waiting`, 0, (piece) =>
          pieces.push(piece),
        );
        const { dispatches } = listed.parse(JSON.parse(Buffer.concat(pieces).toString('utf8')));
        const names = new Set(dispatches.map(({ name }) => name));
        const left = [...begun.values()].filter(({ name }) => !names.has(name));
        for (const each of [...left, ...dispatches]) await fetchOne(agent, destination, each);
        // It looks for more before it goes: that is how the region knows that the last one arrived.
        await get(agent, `/v1/destinations/${destination}/dispatches?state=waiting`, 0, () => undefined);
        return dispatches.length > 0;
      } catch (error) {
        met = error instanceof Error ? error.message : 'cut';
        return false;
      } finally {
        agent.destroy();
      }
    },
  };
}
