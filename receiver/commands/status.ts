import {
  countsInWords,
  deliveryWords,
  envelopeWords,
  exportWords,
} from '../../shared/i18n/terminal-receiver-words.ts';
import { describeFault, type Described } from '../../shared/i18n/errors.ts';
import { shownInstant } from '../../shared/i18n/shown.ts';
import { terminalBackup } from '../../shared/i18n/terminal-backup.ts';
import { speaker, type Language } from '../../shared/i18n/texts.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import type { ReceiverConfig } from '../config.ts';
import type { DispatchRow } from '../store/dispatch-table.ts';
import { readMark, type RestoredMark } from '../backup/restored-mark.ts';
import { readWithdrawals } from '../backup/withdrawals.ts';
import type { RestoredRow } from '../store/restore-tables.ts';
import type { StoreTx } from '../store/store.ts';
import { say, withRestoredStore, type CommandAnswer, type CommandContext } from './command.ts';
import { attentionOf } from './destination-attention.ts';
import { fileFacts, overviewOf, type FileFacts } from '../forward/overview.ts';
import { endingLine, endingsOf, type Ending } from '../pki/expiry.ts';
import { loadRegion } from '../pki/region-keys.ts';
import { stateFolder } from '../state-folder.ts';

const shown = 20;
const incompleteAfterMs = 24 * 3_600_000;

/** What the region holds, and what waits for somebody. */
export async function status({ config, language, clock }: CommandContext): Promise<CommandAnswer> {
  const now = clock.now();
  const files = await fileFacts(config, clock);
  const found = await withRestoredStore(config, (store) =>
    store.read(async (tx) => ({
      ...(await collect(tx, config, files, now)),
      ...(await endingOf(tx, config, language, clock)),
    })),
  );
  const attention = [
    ...(await restoredLine(config, found.restored, language, clock)),
    ...found.toDecide.map((each) => say(language, 'statusHeld', each)),
    ...found.held.map((each) => say(language, 'statusHeldExport', each)),
    ...found.waiting.map((each) => say(language, 'statusWaiting', each)),
    ...found.incomplete.map((each) => say(language, 'statusIncomplete', each)),
    ...attentionOf(
      { destinations: found.destinations, removed: found.removedDestinations },
      language,
      now,
    ).map(({ line }) => line),
    ...found.endings.map((each) => endingLine(each, language, now)),
    ...(found.keys === null ? [] : [`${found.keys.message} [${found.keys.code}]`]),
    ...found.rejected.map((each) => say(language, 'statusRefused', each)),
    ...found.agentRejects.map((each) =>
      say(language, 'statusReject', {
        agent: each.agent,
        source: each.source,
        code: each.code,
        line: each.line ?? '-',
      }),
    ),
  ];
  return {
    document: found,
    lines: [
      say(language, 'statusEnvelopes', { counts: countsInWords(envelopeWords, found.envelopes, language) }),
      say(language, 'statusExports', { counts: countsInWords(exportWords, found.exports, language) }),
      say(language, 'statusDispatches', { counts: countsInWords(deliveryWords, found.dispatches, language) }),
      say(language, 'statusRecords', { counts: found.records }),
      ...(attention.length === 0 ? [say(language, 'statusFine')] : attention),
    ],
  };
}

/** Until a person has confirmed who is let in. */
async function restoredLine(
  { state }: ReceiverConfig,
  row: RestoredRow | null,
  language: Language,
  clock: Clock,
): Promise<readonly string[]> {
  const tell = speaker(terminalBackup, language);
  const mark = row === null ? await readMark(state) : undefined;
  const { backupAt, restoredAt } = row ?? mark ?? {};
  if (backupAt === undefined || restoredAt === undefined) return [];
  const [at, restored] = [shownInstant(backupAt, language), shownInstant(restoredAt, language)];
  const known = row === null ? await listMadeAt(mark, state, clock) : row.knownUntil;
  // Nothing is known after the backup itself.
  const until = shownInstant(Math.max(known ?? backupAt, backupAt), language);
  if (row === null) return [tell('statusRestoredUnserved', { at, restored, until })];
  const { withdrawn, erased, lostKeys: lost } = row;
  return [tell('statusRestored', { at, restored, withdrawn, erased, lost, until })];
}

/** Null: there is no list of which that can be said; whatever else is wrong is told elsewhere. */
async function listMadeAt(
  mark: RestoredMark | undefined,
  state: string,
  clock: Clock,
): Promise<number | null> {
  if (mark?.list == null) return null;
  const { keys, folder } = stateFolder(state);
  const { list } = mark;
  return loadRegion(keys, clock)
    .then(({ rootDigest: root }) => readWithdrawals(list, { root, path: folder }))
    .then(({ madeAt }) => madeAt)
    .catch(() => null);
}

/** What ends within 30 days; keys that cannot be read are told, and hide nothing else. */
async function endingOf(
  tx: StoreTx,
  config: ReceiverConfig,
  language: Language,
  clock: Clock,
): Promise<{ readonly endings: readonly Ending[]; readonly keys: Described | null }> {
  try {
    const region = await loadRegion(stateFolder(config.state).keys, clock);
    return { endings: await endingsOf(tx, region, config, clock), keys: null };
  } catch (error) {
    return { endings: [], keys: describeFault(asFault(error), language) };
  }
}

async function collect(
  tx: StoreTx,
  config: ReceiverConfig,
  files: ReadonlyMap<string, FileFacts>,
  now: number,
) {
  const brief = (row: { id: string; agent: string; facility: string; feed: string; part: string }) => {
    const { id, agent, facility, feed, part } = row;
    return { id, agent, facility, feed, part };
  };
  const failing: Pick<DispatchRow, 'destination' | 'name' | 'attempts' | 'code'>[] = [];
  for (const { name: destination } of config.destinations) {
    const [first] = await tx.dispatches.due(destination, 1);
    if (first !== undefined && first.attempts > 0 && first.code !== null) {
      const { name, attempts, code } = first;
      failing.push({ destination, name, attempts, code });
    }
  }
  const toDecide = await tx.removals.open();
  return {
    restored: (await tx.restores.get()) ?? null,
    envelopes: await tx.inbox.counts(),
    exports: await tx.exports.counts(),
    dispatches: await tx.dispatches.counts(),
    records: await tx.records.total(),
    toDecide: toDecide.slice(0, shown).map(({ facility, feed, part, day, count }) => ({
      ...{ facility, feed, part, count },
      day: dayToIso(day),
    })),
    held: (await tx.exports.inState('held', shown)).map(brief),
    waiting: (await tx.exports.inState('waiting', shown)).map(brief),
    incomplete: (await tx.exports.incompleteSince(now - incompleteAfterMs)).slice(0, shown).map(brief),
    rejected: (await tx.exports.inState('rejected', shown)).map(brief),
    failing,
    ...(await destinationsOf(tx, config, files, now)),
    agentRejects: await tx.agents.rejectedExports(shown),
  };
}

async function destinationsOf(
  tx: StoreTx,
  config: ReceiverConfig,
  files: ReadonlyMap<string, FileFacts>,
  now: number,
) {
  const { destinations, removed } = await overviewOf(tx, config, files, now);
  return { destinations, removedDestinations: removed };
}
