import { shownInstant } from '../../shared/i18n/shown.ts';
import { keyRoleWords, keyStateWords, terminalKeys } from '../../shared/i18n/terminal-keys.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { readTrustBundle } from '../auth/trust-bundle-file.ts';
import { destroyKey } from '../pki/destroy-key.ts';
import { endingLine, endingsOf } from '../pki/expiry.ts';
import { heardOf, isFree, obstaclesOf, type Obstacles } from '../pki/key-obstacles.ts';
import { stateOf, type KeyRole, type KeyState } from '../pki/key-ring.ts';
import { loadRegion, type Region, type RegionKey } from '../pki/region-keys.ts';
import { rotateKey } from '../pki/rotate-key.ts';
import { stateFolder } from '../state-folder.ts';
import type { StoreTx } from '../store/store.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { writeDown } from './command-actor.ts';
import { isoOf } from './destination-words.ts';
import { tellWithdrawals } from './tell-withdrawals.ts';

const roleNames: Readonly<Record<string, KeyRole>> = {
  encryption: 'encryption',
  receipts: 'receipts',
  ca: 'issuing',
  server: 'server',
};

/** Every minute an agent says it is alive, and learns what is new. */
const heartbeatMinutes = 2;
const minuteMs = 60_000;
const dayMs = 86_400_000;

interface KeySeen {
  readonly key: RegionKey;
  readonly state: KeyState;
  readonly obstacles: Obstacles;
  /** Active agents that say they have a bundle which tells of it. */
  readonly known: number;
}

/** All keys of the region; exit code 1 while something ends within 30 days. */
export async function listKeys({ config, language, clock }: CommandContext): Promise<CommandAnswer> {
  const { folder, keys: keyFolder } = stateFolder(config.state);
  const now = clock.now();
  const { version } = await readTrustBundle(folder);
  const region = await loadRegion(keyFolder, clock);
  const { seen, agents, endings } = await withStore(config, (store) =>
    store.read(async (tx) => ({
      ...(await seeKeys(tx, region, now)),
      endings: await endingsOf(tx, region, config, clock),
    })),
  );
  const rootHere = isRootHere(region);
  const rootEnds = Date.parse(region.root.certificate.validTo);
  const recoveryEnds = Date.parse(region.recovery.validTo);
  return {
    document: {
      bundle: version,
      root: { endsAt: isoOf(rootEnds), here: rootHere },
      recovery: { endsAt: isoOf(recoveryEnds) },
      agents,
      keys: seen.map(({ key, state, obstacles, known }) => ({
        ...{ id: key.id, role: key.role, state, from: isoOf(key.from), endsAt: isoOf(endOf(key)) },
        ...{ destroyedAt: isoOf(key.destroyedAt), known },
        needed: state === 'retiring' ? { ...obstacles, keptUntil: isoOf(obstacles.keptUntil) } : null,
      })),
      endings: endings.map((one) => ({ ...one, endsAt: isoOf(one.endsAt) })),
    },
    lines: [
      tell(language, 'bundleLine', { version }),
      tell(language, 'rootLine', {
        at: shownInstant(rootEnds, language),
        place: tell(language, rootHere ? 'rootHere' : 'rootAway'),
      }),
      tell(language, 'recoveryLine', { at: shownInstant(recoveryEnds, language) }),
      ...seen.map((one) => keyLine(one, agents, language, now)),
      ...endings.map((one) => endingLine(one, language, now)),
    ],
    exitCode: endings.length === 0 ? 0 : 1,
  };
}

async function seeKeys(
  tx: StoreTx,
  region: Region,
  now: number,
): Promise<{ readonly seen: readonly KeySeen[]; readonly agents: number }> {
  const active = (await tx.agents.list()).filter(({ status }) => status === 'active');
  const versions = await Promise.all(active.map(async ({ id }) => (await heardOf(tx, id))?.version ?? -1));
  const seen: KeySeen[] = [];
  for (const key of region.keys)
    seen.push({
      key,
      state: stateOf(region.keys, key, now),
      obstacles: await obstaclesOf(tx, region, key, now),
      known: versions.filter((version) => version >= key.version).length,
    });
  return { seen, agents: active.length };
}

function keyLine(
  { key, state, obstacles, known }: KeySeen,
  agents: number,
  language: Language,
  now: number,
): string {
  const about = { id: key.id, role: keyRoleWords[key.role][language], state: keyStateWords[state][language] };
  if (key.destroyedAt !== null)
    return tell(language, 'keyLineGone', { ...about, at: shownInstant(key.destroyedAt, language) });
  const end = endOf(key);
  const ends = end === null ? '' : tell(language, 'keyEnds', { at: shownInstant(end, language) });
  return tell(language, state === 'next' ? 'keyLineNext' : 'keyLine', {
    ...{ ...about, ends, from: shownInstant(key.from, language) },
    more:
      state === 'retiring' ? neededText(obstacles, language, now) : knownText(key, known, agents, language),
  });
}

function knownText(key: RegionKey, known: number, agents: number, language: Language): string {
  return key.role === 'server' || key.version === 0 ? '' : tell(language, 'keyKnown', { known, agents });
}

function neededText(obstacles: Obstacles, language: Language, now: number): string {
  if (isFree(obstacles, now)) return tell(language, 'keyFree');
  const { agents, envelopes, certificates, keptUntil } = obstacles;
  if (certificates > 0) return tell(language, 'keyHanging', { n: certificates });
  return tell(language, 'keyWaiting', {
    ...{ agents: agents.length, envelopes, names: agents.map(({ name }) => name).join(', ') || '-' },
    days: Math.max(0, Math.ceil(((keptUntil ?? now) - now) / dayMs)),
  });
}

export interface RotateOptions {
  readonly role: string;
  /** Minutes. */
  readonly after?: string;
  readonly now?: boolean;
  readonly rootKey?: string;
}

export async function rotate(
  context: CommandContext,
  { role: name, after = '1440', now: atOnce = false, rootKey }: RotateOptions,
): Promise<CommandAnswer> {
  const { config, language, clock, random } = context;
  const role = roleNames[name];
  if (role === undefined)
    throw permanent('key-role-unknown', { facts: { role: name, known: Object.keys(roleNames).join(', ') } });
  const minutes = Number(after);
  if (!(minutes >= heartbeatMinutes) || minutes > 366 * 1440)
    throw permanent('key-overlap-short', { facts: { minutes: heartbeatMinutes } });
  const { folder } = stateFolder(config.state);
  const key = await withStore(config, async (store) =>
    rotateKey(role, {
      ...{ folder, clock, random, rootKeyFile: rootKey },
      from: atOnce ? 'now' : clock.now() + Math.ceil(minutes * minuteMs),
      seenVersion: await store.read(seenVersion),
      writeDown: (made) =>
        store.transaction((tx) =>
          writeDown(tx, clock, {
            ...{ action: 'key.rotate', subject: made.id },
            facts: { role: made.role, from: new Date(made.from).toISOString() },
          }),
        ),
    }),
  );
  const line = role === 'server' ? 'rotatedServer' : key.from <= clock.now() ? 'rotatedNow' : 'rotatedLater';
  return {
    document: { id: key.id, role: key.role, from: isoOf(key.from), version: key.version },
    lines: [
      tell(language, line, { id: key.id, from: shownInstant(key.from, language) }),
      ...(await tellWithdrawals(context)),
    ],
  };
}

export interface DestroyOptions {
  readonly id: string;
  readonly evenSo?: boolean;
  readonly reason?: string;
  readonly rootKey?: string;
}

export async function destroy(
  context: CommandContext,
  { id, evenSo = false, reason, rootKey }: DestroyOptions,
): Promise<CommandAnswer> {
  const { config, language, clock, random } = context;
  if (evenSo && (reason ?? '').trim() === '') throw permanent('key-reason-missing');
  const { folder } = stateFolder(config.state);
  const key = await withStore(config, async (store) =>
    destroyKey({
      ...{ folder, clock, random, store, id, evenSo, rootKeyFile: rootKey },
      seenVersion: await store.read(seenVersion),
      writeDown: (tx, gone, left) =>
        writeDown(tx, clock, {
          ...{ action: 'key.destroy', subject: gone.id },
          ...(reason === undefined ? {} : { reason }),
          facts: { role: gone.role, agents: left.agents.length, envelopes: left.envelopes },
        }),
    }),
  );
  return {
    document: { id: key.id, role: key.role, destroyedAt: isoOf(key.destroyedAt) },
    lines: [tell(language, 'destroyed', { id: key.id }), ...(await tellWithdrawals(context))],
  };
}

/** The latest bundle that an agent says it has. */
async function seenVersion(tx: StoreTx): Promise<number> {
  const agents = await tx.agents.list();
  const heard = await Promise.all(agents.map(({ id }) => heardOf(tx, id)));
  return Math.max(0, ...heard.map((said) => said?.version ?? 0));
}

function isRootHere(region: Region): boolean {
  try {
    return region.root.privateKey.type === 'private';
  } catch {
    return false;
  }
}

function endOf({ certificate }: RegionKey): number | null {
  return certificate === undefined ? null : Date.parse(certificate.validTo);
}

function tell(
  language: Language,
  name: keyof typeof terminalKeys,
  facts: Readonly<Record<string, string | number>> = {},
): string {
  return fill(terminalKeys[name][language], facts);
}
