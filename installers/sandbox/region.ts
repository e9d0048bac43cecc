import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addFacility } from '../../receiver/commands/facility.ts';
import { loadConfig } from '../../receiver/config.ts';
import { languageOf } from '../../shared/i18n/texts.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import type { SandboxAgency } from './agency.ts';
import { runStep, startChild, type Child } from './children.ts';

/**
 * A region to throw away: a real receiver and real agents, their state in a temporary folder, their ports free ones on
 * loopback. Nothing here knows how they work: it types their commands.
 */
export interface RegionOptions {
  /** Where dispatches are delivered: `oscour` and `beds` under it. Default: in the region's folder. */
  readonly outFolder?: string;
  readonly keep: boolean;
  /** For ingest, enrolment and health; free ones are taken at each start otherwise. */
  readonly ports?: readonly number[];
  /** With the pages of its operators. */
  readonly portal?: boolean;
  /** Who takes the ED visits instead of a folder; told the folder that it fills. */
  readonly agency?: (folder: string) => Promise<SandboxAgency>;
}

export interface Facility {
  readonly finess: string;
  readonly name: string;
}

export interface AgentOptions {
  readonly name: string;
  readonly facilities: readonly string[];
  readonly sourceFolder: string;
  /** now: files are whole already. stable: a person drops them. */
  readonly ready: 'now' | 'stable';
  readonly after: 'keep' | 'archive';
}

export interface Agent {
  readonly name: string;
  readonly configFile: string;
  readonly stateFolder: string;
  readonly logFile: string;
  /** Takes what is in the source, export after export, and answers the agent's own document; code 0 when all is final. */
  once(): Promise<{ readonly document: string; readonly code: number }>;
  /** Files of which an agency refused something, newest first. */
  refused(): Promise<readonly string[]>;
  /** Starts the agent as its service does. */
  start(crashAt?: string): Child;
  /** `verify`: code 0 when its ledgers hold. */
  verify(): Promise<Ended>;
}

export type Ended = Awaited<Child['ended']>;

export interface Region {
  readonly folder: string;
  readonly outFolder: string;
  readonly receiverConfig: string;
  readonly receiverState: string;
  readonly agency: SandboxAgency | undefined;
  addFacilities(facilities: readonly Facility[]): Promise<void>;
  /** Daily counts from before (CSV `finess;day;count`), so that something is expected on the first day. */
  importHistory(csv: string): Promise<void>;
  /** Who may see and do everything on the pages: where they are, and how to sign in for the first time. */
  openPages(login: string, name: string): Promise<{ readonly url: string; readonly password: string }>;
  /** Makes and keeps the reports of the last whole week, as the calendar does on Mondays. */
  keepReports(): Promise<void>;
  serve(crashAt?: string): Promise<Child>;
  verify(): Promise<Ended>;
  enroll(options: AgentOptions): Promise<Agent>;
  /** Stops every process, agents first, then removes the folder unless it is kept. */
  close(): Promise<void>;
}

const readySeconds = 60;
export const destinations = ['oscour', 'beds'] as const;

export async function createRegion(options: RegionOptions): Promise<Region> {
  const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-sandbox-'));
  const children = new Set<Child>();
  const running: Child[] = [];
  const outFolder = options.outFolder ?? join(folder, 'out');
  const stateFolder = join(folder, 'receiver');
  const receiverConfig = join(folder, 'receiver.yaml');
  const receiverLog = join(folder, 'receiver.log');

  const receiver = (step: string, ...command: string[]): Promise<string> =>
    runStep(
      step,
      { command: ['receiver/main.ts', ...command, '--config', receiverConfig], logFile: receiverLog },
      children,
    );

  let agency: SandboxAgency | undefined;
  const close = async (): Promise<void> => {
    await Promise.all([...children].map((child) => child.stop()));
    for (let child = running.pop(); child !== undefined; child = running.pop()) await child.stop();
    await agency?.close();
    if (!options.keep) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };

  try {
    for (const name of destinations) await mkdir(join(outFolder, name), { recursive: true });
    agency = await options.agency?.(join(outFolder, 'oscour'));
    const settings = receiverSettings(stateFolder, outFolder, options, agency?.settings);
    await writeYaml(receiverConfig, settings);
    await receiver('receiver init', 'init');
    if (agency?.fingerprint !== undefined)
      for (const person of ['Alice', 'Bruno'])
        await receiver(
          'destination approve-key',
          ...['destination', 'approve-key', 'oscour', agency.fingerprint, '--by', person],
        );
  } catch (error) {
    await close();
    throw error;
  }

  return {
    folder,
    outFolder,
    receiverConfig,
    receiverState: stateFolder,
    agency,
    addFacilities: async (facilities) => {
      // In this process: a command per facility would cost half a second each.
      const context = {
        config: await loadConfig(receiverConfig),
        language: languageOf(process.env),
        clock: systemClock,
        random: systemRandom,
        logger: createLogger({ name: 'sandbox', level: 'silent' }),
      };
      for (const facility of facilities) await addFacility(context, facility);
    },
    importHistory: async (csv) => {
      const file = join(folder, 'history.csv');
      await writeFile(file, csv, { mode: 0o600 });
      await receiver('receiver import-history', 'import-history', file);
    },
    openPages: async (login, name) => {
      const said = await receiver(
        'receiver account add',
        ...['account', 'add', login, '--name', name, '--profile', 'regional-operator', '--administrator'],
        '--json',
      );
      const { password } = JSON.parse(said) as { password: string };
      const { host, port } = (await readListeners(stateFolder))?.portal ?? { host: 'localhost', port: 0 };
      return { url: `http://${host}:${port}/`, password };
    },
    keepReports: async () => {
      await receiver('receiver report keep', 'report', 'keep', 'weekly');
    },
    serve: async (crashAt) => {
      const child = startChild({
        command: ['receiver/main.ts', 'serve', '--config', receiverConfig],
        logFile: receiverLog,
        crashAt,
      });
      running.push(child);
      await listening(stateFolder, child, receiverLog);
      return child;
    },
    verify: () =>
      startChild({
        command: ['receiver/main.ts', 'verify', '--config', receiverConfig],
        logFile: receiverLog,
      }).ended,
    enroll: async (agent) => {
      const invited = await receiver(
        'agent invite',
        ...['agent', 'invite', '--name', agent.name, '--facilities', agent.facilities.join(','), '--json'],
      );
      const { code } = JSON.parse(invited) as { code: string };
      return enrollAgent(folder, agent, code, await enrolmentUrl(stateFolder), children, running);
    },
    close,
  };
}

async function enrollAgent(
  folder: string,
  options: AgentOptions,
  code: string,
  url: string,
  children: Set<Child>,
  running: Child[],
): Promise<Agent> {
  const base = join(folder, `agent-${options.name}`);
  const [configFile, codeFile, logFile] = [`${base}.yaml`, `${base}.code`, `${base}.log`];
  await writeYaml(configFile, agentSettings(base, options));
  await writeFile(codeFile, `${code}\n`, { mode: 0o600 });
  const command = ['--url', url, '--code-file', codeFile, '--config', configFile];
  await runStep('agent enroll', { command: ['agent/main.ts', 'enroll', ...command], logFile }, children);
  await rm(codeFile, { force: true });
  return {
    name: options.name,
    configFile,
    stateFolder: base,
    logFile,
    once: async () => {
      const child = startChild({
        command: [
          'agent/main.ts',
          ...['run', '--once', '--one-by-one', '--json', '--timeout', '86400', '--config', configFile],
        ],
        logFile,
      });
      children.add(child);
      const { code: exit, stdout } = await child.ended;
      children.delete(child);
      if (stdout.trim() === '') {
        throw permanent('sandbox-step-failed', {
          facts: { step: 'agent run', code: exit ?? -1, log: logFile },
        });
      }
      return { document: stdout, code: exit ?? 1 };
    },
    refused: async () => {
      const words = ['history', '--state', 'refused', '--json', '--config', configFile];
      const said = await runStep(
        'agent history',
        { command: ['agent/main.ts', ...words], logFile },
        children,
      );
      return (JSON.parse(said) as { exports: { file: string }[] }).exports.map(({ file }) => file);
    },
    start: (crashAt) => {
      const child = startChild({
        command: ['agent/main.ts', 'run', '--config', configFile],
        logFile,
        crashAt,
      });
      running.push(child);
      return child;
    },
    verify: () => startChild({ command: ['agent/main.ts', 'verify', '--config', configFile], logFile }).ended,
  };
}

function receiverSettings(
  stateFolder: string,
  outFolder: string,
  { ports = [], portal = false }: RegionOptions,
  agency: SandboxAgency['settings'] = {},
): unknown {
  const [ingest, enrolment, health, pages] = [0, 1, 2, 3].map((index) => ({
    host: '127.0.0.1',
    port: ports[index] ?? 0,
  }));
  return {
    state: stateFolder,
    region: 'Région d’essai (données inventées, invented data)',
    hosts: ['localhost', '127.0.0.1'],
    listeners: { ingest, enrolment, health, portal: pages },
    // A region to throw away: nobody's telephone is asked for.
    ...(portal
      ? {
          portal: { secondFactor: 'nobody' },
          reports: { weekly: { cron: '0 9 * * 1' }, languages: ['fr', 'en'] },
        }
      : {}),
    destinations: [
      {
        ...{ name: 'oscour', feed: 'ed-visits', format: 'oscour-xml' },
        transport: { kind: 'directory', folder: join(outFolder, 'oscour') },
        ...agency,
      },
      {
        ...{ name: 'beds', feed: 'bed-availability', format: 'beds-json' },
        transport: { kind: 'directory', folder: join(outFolder, 'beds') },
      },
    ],
  };
}

function agentSettings(stateFolder: string, { sourceFolder, ready, after }: AgentOptions): unknown {
  return {
    state: stateFolder,
    sources: [
      {
        name: 'exports',
        folder: sourceFolder,
        mappings: ['rpu-2006', 'rpu-csv', 'beds-csv'],
        ready: { mode: ready, seconds: ready === 'now' ? 0 : 2 },
        after,
        scanSeconds: 1,
        watch: ready !== 'now',
      },
    ],
    limits: { freeDiskBytes: 0 },
  };
}

/** Every JSON document is a YAML document. */
function writeYaml(file: string, content: unknown): Promise<void> {
  return writeFile(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}

interface Listeners {
  readonly enrolment: { readonly host: string; readonly port: number };
  readonly portal?: { readonly host: string; readonly port: number };
}

async function readListeners(stateFolder: string): Promise<Listeners | undefined> {
  try {
    return JSON.parse(await readFile(join(stateFolder, 'listeners.json'), 'utf8')) as Listeners;
  } catch {
    return undefined;
  }
}

async function enrolmentUrl(stateFolder: string): Promise<string> {
  const found = await readListeners(stateFolder);
  return `https://localhost:${found?.enrolment.port ?? 0}`;
}

async function listening(stateFolder: string, child: Child, log: string): Promise<void> {
  const gone = new AbortController();
  const deadline = AbortSignal.timeout(readySeconds * 1000);
  void child.ended.then(() => gone.abort());
  const signal = AbortSignal.any([gone.signal, deadline]);
  while ((await readListeners(stateFolder)) === undefined) {
    if (gone.signal.aborted) {
      throw permanent('sandbox-step-failed', { facts: { step: 'receiver serve', code: -1, log } });
    }
    if (deadline.aborted) throw permanent('sandbox-not-ready', { facts: { seconds: readySeconds, log } });
    await pause(50, signal);
  }
}
