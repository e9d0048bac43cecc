import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { genesis } from '../../shared/envelope/header.ts';
import { openEnvelope, parseEnvelope, verifyEnvelope } from '../../shared/envelope/open.ts';
import { createSealer } from '../../shared/envelope/seal.ts';
import { throwAwayKey } from '../../shared/envelope/throw-away-key.ts';
import type { checkNames } from '../../shared/i18n/terminal-agent-update.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { asFault, permanent } from '../../shared/runtime/errors.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { openSqlite } from '../../shared/runtime/sqlite.ts';
import { checkParts, databaseOf, loadMappings } from '../agent.ts';
import { loadConfig, type AgentConfig } from '../config.ts';
import { readIdentityFile } from '../enrolment/identity-files.ts';
import { loadIdentity, type Identity } from '../enrolment/identity.ts';
import { requireWholeDatabase } from '../outbox/check-database.ts';
import { agentVersion } from '../version.ts';

export interface CheckResult {
  readonly name: keyof typeof checkNames;
  /** absent: there is nothing to look at yet. */
  readonly outcome: 'well' | 'failed' | 'absent';
  readonly code?: string;
  readonly facts?: Readonly<Record<string, string | number>>;
  readonly detail?: string;
}

/** What a check found; undefined: nothing to look at. */
type Look = () => Promise<string | undefined>;

/** From the machine to a sealed envelope; what a later check needs of an earlier one is read again. */
export function checksOf({
  configPath,
  copy,
}: {
  readonly configPath: string;
  readonly copy: string | undefined;
}): readonly (() => Promise<CheckResult>)[] {
  const looks: readonly (readonly [CheckResult['name'], Look])[] = [
    ['node', () => Promise.resolve(`${process.versions.node}, ${agentVersion}`)],
    ['addon', engine],
    ['config', async () => (await configAtOrUndefined(configPath)) && configPath],
    ['identity', async () => (await identityOf(configPath))?.agent],
    ['mappings', () => parts(configPath)],
    ['database', () => memory(copy)],
    ['seal', seal],
  ];
  return looks.map(([name, look]) => async () => {
    try {
      const detail = await look();
      return detail === undefined ? { name, outcome: 'absent' } : { name, outcome: 'well', detail };
    } catch (error) {
      const { code, facts } = asFault(error);
      return { name, outcome: 'failed', code, facts };
    }
  });
}

/** Undefined: there is none yet. Faults: `config-unreadable`, `config-invalid`. */
export async function configAtOrUndefined(path: string): Promise<AgentConfig | undefined> {
  return existsSync(path) ? loadConfig(path) : undefined;
}

/** With the journal and the safety that the agent asks for. */
async function engine(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-'));
  try {
    const db = openSqlite(join(folder, 'engine.db'), { migrations: [] });
    const version = String(db.prepare('select sqlite_version()').pluck().get());
    db.close();
    return version;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A fault of the configuration is told once, by its own check. */
async function known(configPath: string): Promise<AgentConfig | undefined> {
  return configAtOrUndefined(configPath).catch(() => undefined);
}

async function identityOf(configPath: string): Promise<Identity | undefined> {
  const config = await known(configPath);
  const enrolled = config && (await readIdentityFile(config.state));
  return config && enrolled && loadIdentity(config.state);
}

async function parts(configPath: string): Promise<string | undefined> {
  const config = await known(configPath);
  if (config === undefined) return undefined;
  const identity = await identityOf(configPath).catch(() => undefined);
  if (identity === undefined) await loadMappings(config);
  else await checkParts(config, identity);
  return String(new Set(config.sources.flatMap(({ mappings }) => mappings)).size);
}

/** Brought up to date, then read through. */
async function memory(copy: string | undefined): Promise<string | undefined> {
  if (copy === undefined || !existsSync(databaseOf(copy))) return undefined;
  await requireWholeDatabase(databaseOf(copy));
  return join(copy, '');
}

const testText = 'Vaguemestre';

/** Sealed, verified and opened again, under a key that exists for this only. */
async function seal(): Promise<string> {
  const key = await throwAwayKey('selftest', { clock: systemClock, random: systemRandom });
  const recipients = [key.certificate.toString()];
  const sealer = createSealer({ recipients, signer: key, random: systemRandom });
  const now = systemClock.now();
  const fields = {
    ...{ id: systemRandom.uuid(now), agent: systemRandom.uuid(now), feed: 'ed-visits', epoch: 1, seq: 1 },
    ...{ prev: genesis, created: now, schema: 1 },
  };
  const bytes = await sealer.seal(fields, await sealer.compress(Buffer.from(testText))).bytes;
  const parsed = parseEnvelope(bytes);
  if (!(await verifyEnvelope(parsed, key.certificate.publicKey))) throw permanent('envelope-tampered');
  if ((await openEnvelope(parsed, key)).toString() !== testText) throw permanent('envelope-tampered');
  return `${bytes.length} B`;
}
