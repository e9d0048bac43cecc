import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { destination as settingsOf } from '../../receiver/config-destinations.ts';
import type { DestinationConfig } from '../../receiver/config-destinations.ts';
import { openDestination, openParcels } from '../../receiver/forward/open-destination.ts';
import type { DispatchRow } from '../../receiver/store/dispatch-table.ts';
import { closedBreaker } from '../../receiver/forward/delivery/breaker.ts';
import { never, type Agency, type FaultName, type Inflicted, type Settings } from './agency.ts';
import type { OneDelivery } from './one-delivery.ts';
import { noise, type Composed, type Rig } from './rig.ts';
import type { Opener, ProtectionKind } from './sealing.ts';

/** What moves dispatches from the store to the agency: the region's forwarder, or the agency that comes and fetches. */
export interface Carrier {
  /** True when there may be more to do at once. */
  step(): Promise<boolean>;
  close(): Promise<void>;
  /** What an agency that fetches met last: the store knows nothing of it. */
  met?(): string | null;
}

export type OpenedAgency = Agency & {
  readonly carrier?: (settings: DestinationConfig) => Carrier;
  /** Own faults that mean nothing there. */
  readonly without?: readonly FaultName[];
};

export interface CaseDeps {
  readonly rig: Rig;
  readonly agency: Agency;
  readonly opener: Opener;
  readonly carrier?: (settings: DestinationConfig) => Carrier;
}

export interface Case {
  /** Of the destination: unique. */
  readonly name: string;
  readonly protection: ProtectionKind;
  readonly fault: FaultName;
}

/** The states and codes seen, in order, without repeats. Throws what does not hold. */
export async function runCase(deps: CaseDeps, { name, protection, fault }: Case): Promise<readonly string[]> {
  const { rig, agency, opener } = deps;
  const files = filesOf(name);
  const parcels = files.map(({ name: file, content }) => ({
    ...{ name: opener.nameOf(protection, file), bytes: content.length },
  }));
  const inflict = agency.faults[fault];
  const inflicted: Inflicted = inflict === undefined ? nothing : await inflict(parcels);
  let lifted = false;
  const lift = async (): Promise<void> => {
    if (!lifted) await inflicted.lift();
    lifted = true;
  };
  try {
    await rig.compose(name, files);
    const settings = (change: Settings): DestinationConfig =>
      settingsOf.parse({
        ...{ name, feed: 'ed-visits', format: 'oscour-xml', ...agency.settings },
        ...opener.settings(protection),
        transport: { ...agency.transport(), ...change },
      });
    const watch = watchOver(deps, { name, protection, files });
    let carrier = await openCarrier(deps, settings(inflicted.transport ?? {}));
    try {
      if (fault === 'name-taken') await nameTaken(deps, { name, protection, files, carrier, watch });
      if (fault === 'killed-before-settling') await killed(deps, settings({}), watch);
      if (inflicted.shows !== 'nothing') await untilShown(deps, name, inflicted, carrier, watch);
      await lift();
      if (inflicted.shows === 'person') {
        // What was wrong stood in the settings: the receiver starts again with them put right.
        await carrier.close();
        carrier = await openCarrier(deps, settings({}));
      }
      await drain(deps, name, carrier, watch);
      if (fault === 'repeat') await repeat(deps, { name, files, carrier, watch });
      await checkAgency(deps, { name, protection, fault, files });
    } finally {
      await carrier.close();
    }
    return watch.seen();
  } finally {
    await lift();
    await inflicted.undo?.();
  }
}

const nothing: Inflicted = { shows: 'nothing', codes: [], lift: async () => undefined };

/** A small one, one of a few megabytes, another small one: with a name of its own for each case. */
function filesOf(name: string): readonly Composed[] {
  return [20_000, 2_500_000, 60_000].map((bytes, index) => {
    const file = `R_${name}_${index + 1}.xml`;
    return { name: file, content: noise(file, bytes) };
  });
}

async function openCarrier({ rig, carrier }: CaseDeps, settings: DestinationConfig): Promise<Carrier> {
  await approve(rig, settings);
  if (carrier !== undefined) return carrier(settings);
  const destination = openDestination(settings);
  if (destination === undefined) throw new Error('nothing is delivered there');
  const { step } = rig.forwarder(destination, () => openParcels(settings));
  return { step: () => step(never), close: () => destination.close() };
}

/** Two people vouch for the agency's key. */
async function approve(rig: Rig, settings: DestinationConfig): Promise<void> {
  if (settings.protection.kind === 'none') return;
  const { fingerprint } = settings.protection;
  await rig.store.transaction(async (tx) => {
    for (const person of ['Alice', 'Bruno'])
      await tx.destinations.approveKey(settings.name, { fingerprint, person, at: rig.clock.now() });
  });
}

interface Watch {
  /** Looks at the store and at the agency: what is said to be there is there, whole. */
  look(): Promise<readonly DispatchRow[]>;
  seen(): readonly string[];
}

function watchOver(
  { rig, agency, opener }: CaseDeps,
  { name, protection, files }: Pick<Run, 'name' | 'protection' | 'files'>,
): Watch {
  const seen: string[] = [];
  return {
    seen: () => seen,
    look: async () => {
      const holds = await agency.holds();
      const rows: DispatchRow[] = [];
      for (const { name: file, content } of files) {
        const row = await rig.row(name, file);
        rows.push(row);
        if (!isSent(row)) continue;
        const sealed = await rig.store.read((tx) => tx.dispatches.sealed(row.id));
        const there = holds.get(opener.nameOf(protection, file));
        if (there?.equals(sealed?.content ?? content) !== true)
          throw new Error(
            `${file} is said to be ${row.state}, and the agency holds ${there?.length ?? 'nothing'}`,
          );
      }
      const states = rows.map(({ state, code }) => (code === null ? state : `${state}:${code}`));
      const breaker = (await rig.state(name)) ?? closedBreaker;
      const said = `${states.join(' ')}${breaker.code === null ? '' : ` [${breaker.breaker} ${breaker.code}]`}`;
      if (said !== seen.at(-1)) seen.push(said);
      return rows;
    },
  };
}

function isSent({ state }: DispatchRow): boolean {
  return state === 'sent' || state === 'acknowledged' || state === 'refused';
}

interface Run {
  readonly name: string;
  readonly protection: ProtectionKind;
  readonly files: readonly Composed[];
  readonly carrier: Carrier;
  readonly watch: Watch;
}

/** Steps, at the times the store plans, until the fault is written down. */
async function untilShown(
  { rig }: CaseDeps,
  name: string,
  { shows, codes }: Inflicted,
  carrier: Carrier,
  watch: Watch,
): Promise<void> {
  for (let look = 0; look < 10; look += 1) {
    await carrier.step();
    const rows = await watch.look();
    const destination = await rig.state(name);
    const code = carrier.met?.() ?? destination?.code ?? rows.find((row) => row.code !== null)?.code ?? null;
    if (code === null) {
      if (rows.every(isSent)) break;
      continue;
    }
    if (!codes.includes(code)) throw new Error(`said ${code}, where ${codes.join(' or ')} is true`);
    if (rows.some(({ state }) => state === 'dead'))
      throw new Error('a file was set aside for no fault of its own');
    if (shows === 'person' && carrier.met === undefined && destination?.breaker !== 'open')
      throw new Error('only a person can mend this, and it is tried again at once');
    return;
  }
  throw new Error('the fault never showed');
}

async function drain({ rig }: CaseDeps, name: string, carrier: Carrier, watch: Watch): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    const planned = (await rig.state(name))?.nextAttemptAt ?? 0;
    rig.clock.set(Math.max(rig.clock.now(), planned));
    for (let more = true; more;) more = await carrier.step();
    const rows = await watch.look();
    if (rows.every((row) => isSent(row) || row.state === 'dead')) return;
  }
  throw new Error('the queue does not empty once the fault is lifted');
}

/** The first file's name is another's: set aside and said, the rest goes on, and the other's content stays. */
async function nameTaken(deps: CaseDeps, { name, protection, files, carrier, watch }: Run): Promise<void> {
  const { agency, opener, rig } = deps;
  const [first] = files;
  if (first === undefined) return;
  const taken = opener.nameOf(protection, first.name);
  const other = Buffer.from('another content');
  await agency.plant(taken, other);
  await drain(deps, name, carrier, watch);
  const row = await rig.row(name, first.name);
  if (row.state !== 'dead' || row.code !== 'delivery-name-taken')
    throw new Error(`the name is taken, and the file is ${row.state} ${row.code ?? ''}`);
  if ((await agency.holds()).get(taken)?.equals(other) !== true) throw new Error('the other content is gone');
  // The cure: the agency clears the name, a person puts the file back in the queue.
  await agency.remove(taken);
  await putBack(rig, row);
}

/** Everything is delivered once more: a success that changes nothing. */
async function repeat(
  deps: CaseDeps,
  { name, files, carrier, watch }: Omit<Run, 'protection'>,
): Promise<void> {
  const before = await deps.agency.holds();
  for (const { name: file } of files) await putBack(deps.rig, await deps.rig.row(name, file));
  await drain(deps, name, carrier, watch);
  const after = await deps.agency.holds();
  if (after.size !== before.size) throw new Error(`a repeat left ${after.size} files of ${before.size}`);
}

async function putBack(rig: Rig, row: DispatchRow): Promise<void> {
  const now = rig.clock.now();
  const change = { state: 'waiting', attempts: 0, nextAttemptAt: now, changedAt: now, code: null } as const;
  await rig.store.transaction((tx) => tx.dispatches.setDelivery(row.id, [row.state], change));
}

const child = resolve(import.meta.dirname, 'one-delivery.ts');

/** A real process, killed after the delivery and before it is written down; then the next one recovers. */
async function killed({ rig }: CaseDeps, settings: DestinationConfig, watch: Watch): Promise<void> {
  const file = join(rig.folder, `${settings.name}.json`);
  const spec: OneDelivery = { databaseFile: rig.databaseFile, now: rig.clock.now(), settings };
  writeFileSync(file, JSON.stringify(spec));
  const signal = await new Promise<string>((settle) => {
    const env = { ...process.env, VAGUEMESTRE_CRASH_AT: 'before-sent-commit' };
    execFile(process.execPath, [child, file], { env }, (error, _out, said) => {
      settle(error?.signal ?? `it ended by itself: ${said.slice(-1000)}`);
    });
  });
  if (signal !== 'SIGKILL') throw new Error(`not killed at its crash point: ${signal}`);
  const rows = await watch.look();
  if (!rows.some(({ state }) => state === 'sending')) throw new Error('killed while nothing was being sent');
  await rig.store.transaction((tx) => tx.dispatches.recover(rig.clock.now()));
}

/** Each dispatch once, whole, and nothing else: opened by the agency's own programs. */
async function checkAgency(
  { rig, agency, opener }: CaseDeps,
  {
    name,
    protection,
    fault,
    files,
  }: Pick<Run, 'name' | 'protection' | 'files'> & { readonly fault: FaultName },
): Promise<void> {
  const holds = await agency.holds();
  const expected = files.map((file) => opener.nameOf(protection, file.name)).sort();
  const found = [...holds.keys()].sort();
  if (found.join() !== expected.join())
    throw new Error(`the agency holds ${found.join()}, not ${expected.join()}`);
  const leftovers = await agency.leftovers();
  if (leftovers.length > 0) throw new Error(`left behind: ${leftovers.join()}`);
  for (const { name: file, content } of files) {
    const sealed = holds.get(opener.nameOf(protection, file)) ?? Buffer.alloc(0);
    const opened = opener.open(protection, file, sealed);
    if (hash('sha256', opened, 'hex') !== hash('sha256', content, 'hex'))
      throw new Error(`${file} is not what was composed`);
    const row = await rig.row(name, file);
    if (row.digest !== hash('sha256', opened, 'hex'))
      throw new Error(`${file}: another digest than composed`);
    if (row.code !== null) throw new Error(`${file} is ${row.state}, and its code is still ${row.code}`);
  }
  // A repeat asked for by hand is told again; nothing else is.
  const receipts = await rig.forwarded(name);
  const each = fault === 'repeat' ? 2 : 1;
  for (const { name: file } of files)
    if (receipts.get(file) !== each) throw new Error(`${receipts.get(file) ?? 0} receipts for ${file}`);
}
