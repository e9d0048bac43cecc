import { createHash, randomBytes } from 'node:crypto';
import { access, readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { supportTexts as texts, partTexts } from '../../shared/i18n/terminal-agent-support.ts';
import { fill } from '../../shared/i18n/texts.ts';
import { allFeeds } from '../../shared/feeds/registry.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import { asFault, permanent, systemCode } from '../../shared/runtime/errors.ts';
import { databaseOf, loadMappings } from '../agent.ts';
import { redactedConfig, redactedMapping } from '../config-redacted.ts';
import { isMappingFile, loadConfig, type AgentConfig } from '../config.ts';
import { loadIdentity } from '../enrolment/identity.ts';
import type { AgentDatabase } from '../outbox/database.ts';
import { answerOf } from '../service/steps.ts';
import { databaseFacts } from '../support/database-facts.ts';
import { filterLog } from '../support/log-lines.ts';
import { certificateFacts, machineFacts } from '../support/machine.ts';
import { bundleSql } from '../support/support-queries.ts';
import { tarGz, type BundleFile } from '../support/tar.ts';
import { createVeil, type Veil } from '../support/veil.ts';
import { agentVersion } from '../version.ts';
import type { CommandSpec, Surroundings } from './command.ts';
import { withState } from './open-state.ts';
import { createTerminal, tableLines } from './terminal.ts';

type Part = keyof typeof partTexts;

interface Asked {
  readonly file: string;
  readonly configPath: string;
  readonly log: string | undefined;
  readonly service: string;
  readonly withNames: boolean;
  readonly specs: readonly CommandSpec[];
}

const logLines = 2000;
const logBytes = 8 * 1024 * 1024;

/**
 * One file for whoever helps: settings without secrets, state, counts, codes, log. Made so that it can be sent: no patient's
 * value, no file name, no secret; what could not be had is in it with its code. Faults: `bundle-exists`, `bundle-not-written`.
 */
export async function supportBundleCommand(context: Surroundings, asked: Asked): Promise<number> {
  const target = resolve(asked.file);
  await mustNotExist(target);
  const parts = new Map<string, Buffer>();
  const missing: Record<string, string> = {};
  const put = async (name: string, make: () => Promise<unknown>): Promise<void> => {
    context.terminal.progress(fill(texts.collecting[context.language], { part: name }));
    try {
      const found = await make();
      if (found === undefined) return;
      parts.set(name, Buffer.from(typeof found === 'string' ? found : `${JSON.stringify(found, null, 2)}\n`));
    } catch (error) {
      missing[name] = asFault(error).code;
    }
  };
  await collect(context, asked, put);
  context.terminal.progress('');
  const { listed, archive } = pack(context, parts, missing);
  await writeDurably(target, archive, 0o600).catch((cause: unknown) => {
    throw permanent('bundle-not-written', {
      facts: { file: target, reason: systemCode(cause) ?? '' },
      cause,
    });
  });
  const document = { file: target, bytes: archive.length, parts: listed, missing };
  if (context.json) context.print(JSON.stringify(document));
  else for (const line of lines(context, document)) context.print(line);
  return 0;
}

type Put = (name: string, make: () => Promise<unknown>) => Promise<void>;

async function collect(context: Surroundings, asked: Asked, put: Put): Promise<void> {
  let config: AgentConfig | undefined;
  await put('machine.json', () => Promise.resolve(machineFacts(systemClock.now())));
  await put('config.json', async () => {
    config = await loadConfig(asked.configPath);
    return redactedConfig(config);
  });
  const veil = await veilOf(config, asked.withNames);
  const { specs, configPath, service } = asked;
  // The settings may be at fault: doctor says so, and of what it quotes nothing leaves.
  await put('doctor.json', async () =>
    config === undefined
      ? undefined
      : veil.document(await answered(context, specs, 'doctor', configPath, config)),
  );
  await put('log.ndjson', () => logOf(asked.log, service, config));
  if (config === undefined) return;
  const known = config;
  await put('status.json', async () =>
    veil.document(await answered(context, specs, 'status', configPath, known)),
  );
  await put('certificates.json', async () => certificateFacts(await loadIdentity(known.state)));
  await putDatabase(known, veil, put);
  for (const [index, path] of mappingFiles(known).entries())
    await put(`mappings/${index + 1}.json`, async () => redactedMapping(await readFile(path, 'utf8')));
}

async function putDatabase(config: AgentConfig, veil: Veil, put: Put): Promise<void> {
  const fields = await knownFields(config);
  let facts: Awaited<ReturnType<typeof databaseFacts>> | undefined;
  await put('database.json', () =>
    withState(config.state, async ({ database }) => {
      facts = await databaseFacts(database, databaseOf(config.state), { veil, fields });
      return facts.database;
    }),
  );
  for (const name of ['exports', 'errors', 'findings'] as const)
    await put(`${name}.json`, () => Promise.resolve(facts?.[name]));
}

/** Tags, names of the common schema, and the columns that the hospital's mappings name. */
async function knownFields(config: AgentConfig): Promise<ReadonlySet<string>> {
  const mappings = await loadMappings(config).catch(() => new Map());
  const columns = [...mappings.values()].flatMap(
    ({ columns: named }: { columns: readonly string[] }) => named,
  );
  const fields = allFeeds.flatMap((feed) => feed.fields.flatMap(({ name, tag }) => [name, tag ?? name]));
  return new Set([...columns, ...fields, 'EXTRACT', 'DATEDEBUT', 'DATEFIN', 'ORDRE', 'FINESS']);
}

function mappingFiles(config: AgentConfig): readonly string[] {
  return [...new Set(config.sources.flatMap(({ mappings }) => mappings.filter(isMappingFile)))];
}

async function veilOf(config: AgentConfig | undefined, lift: boolean): Promise<Veil> {
  const folders = (config?.sources ?? []).flatMap(({ folder, archiveFolder, quarantineFolder }) => [
    ...[archiveFolder, quarantineFolder].filter((each) => each !== undefined),
    ...[join(folder, 'archive'), join(folder, 'quarantine'), folder],
  ]);
  const lying = await Promise.all(
    folders.map(async (folder) => (await namesUnder(folder).catch(() => [])).slice(0, 20_000)),
  );
  const inBook =
    config === undefined
      ? []
      : await withState(config.state, ({ database }) => Promise.resolve(namesIn(database))).catch(() => []);
  const names = [...lying.flat(), ...inBook];
  return createVeil({ key: randomBytes(32), names, folders, lift });
}

/** But the folders the agent makes: "2026" hidden in every date would help nobody. */
async function namesUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() || !/^(archive|quarantine|discarded|\d{4})$/.test(entry.name))
    .map(({ name }) => name);
}

function namesIn(database: AgentDatabase): readonly string[] {
  return database.all<{ name: string }>(bundleSql.names).map(({ name }) => name);
}

/** What another command answers as JSON; undefined when there is no such command. */
async function answered(
  context: Surroundings,
  specs: readonly CommandSpec[],
  usage: string,
  configPath: string,
  config: AgentConfig,
): Promise<unknown> {
  const spec = specs.find((each) => each.usage === usage);
  if (spec === undefined) return undefined;
  let said = '';
  const write = (text: string): void => void (said += text);
  const terminal = createTerminal({
    stdin: Readable.from([]),
    stdout: { write },
    stderr: { write: () => undefined },
    env: context.terminal.env,
  });
  const around = { language: context.language, json: true, terminal, print: write };
  const options = { config: configPath };
  if (spec.needs === 'config') await spec.run({ ...around, config, configPath }, options, []);
  else await spec.run(around, options, []);
  return said === '' ? undefined : (JSON.parse(said) as unknown);
}

async function logOf(
  given: string | undefined,
  service: string,
  config: AgentConfig | undefined,
): Promise<string | undefined> {
  const text =
    given === undefined
      ? ((await newestLog(config)) ??
        (await answerOf(['journalctl', '-u', service, '-n', String(logLines), '-o', 'cat', '--no-pager'])))
      : await readFile(given, 'utf8');
  if (text === undefined) return undefined;
  const { lines: kept, dropped } = filterLog(text.slice(-logBytes), logLines);
  return `${[...kept, JSON.stringify({ dropped })].join('\n')}\n`;
}

/** Where the Windows service writes it. */
async function newestLog(config: AgentConfig | undefined): Promise<string | undefined> {
  if (config === undefined) return undefined;
  const folder = join(config.state, 'logs');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.log')).sort();
  const last = names.at(-1);
  return last === undefined ? undefined : readFile(join(folder, last), 'utf8');
}

interface Listed {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

function pack(
  { language }: Surroundings,
  parts: ReadonlyMap<string, Buffer>,
  missing: Readonly<Record<string, string>>,
): { readonly listed: readonly Listed[]; readonly archive: Buffer } {
  const at = systemClock.now();
  const listed = [...parts].map(([name, content]) => ({
    name,
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
  const manifest = {
    ...{ version: agentVersion, at: new Date(at).toISOString(), missing },
    about: { fr: texts.about.fr, en: texts.about.en },
    parts: listed.map((each) => ({ ...each, holds: aboutPart(each.name)[language] })),
  };
  const files: BundleFile[] = [
    { name: 'manifest.json', content: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`) },
    ...[...parts].map(([name, content]) => ({ name, content })),
  ];
  return {
    listed,
    archive: tarGz(
      files.map(({ name, content }) => ({ name: `vaguemestre-support/${name}`, content })),
      at,
    ),
  };
}

function aboutPart(name: string): (typeof partTexts)[Part] {
  const key = name.startsWith('mappings/') ? 'mappings' : basename(name).replace(/\..*$/, '');
  return partTexts[(key in partTexts ? key : 'mappings') as Part];
}

function lines(
  { language, terminal }: Surroundings,
  document: {
    file: string;
    bytes: number;
    parts: readonly Listed[];
    missing: Readonly<Record<string, string>>;
  },
): readonly string[] {
  const heads = [texts.part, texts.bytes, texts.holds].map((head) => head[language]);
  const rows = document.parts.map(({ name, bytes }) => [name, String(bytes), aboutPart(name)[language]]);
  return [
    ...tableLines(heads, rows, terminal),
    ...Object.entries(document.missing).map(([part, code]) => fill(texts.missing[language], { part, code })),
    '',
    fill(texts.written[language], { file: document.file, bytes: document.bytes }),
    fill(texts.look[language], { file: document.file }),
  ];
}

async function mustNotExist(file: string): Promise<void> {
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (exists) throw permanent('bundle-exists', { facts: { file } });
}
