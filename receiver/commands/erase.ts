import { permanent } from '../../shared/runtime/errors.ts';
import { dayFromIso, instantOf } from '../../shared/runtime/paris-time.ts';
import { checkedFiness } from '../apply/register-facility.ts';
import { dispatchTargets } from '../forward/targets.ts';
import { removeExtractions } from '../extraction/remove-files.ts';
import { createSliceOpener } from '../inbox/open-envelope.ts';
import { openLiveRegion } from '../pki/live-region.ts';
import { erase } from '../retention/erase.ts';
import { findVisits, type FoundVisit, type VisitQuery } from '../retention/find-visit.ts';
import { filesOf } from '../retention/purge-files.ts';
import { rewriteIfWanted } from '../retention/rewrite.ts';
import type { Store, StoreTx } from '../store/store.ts';
import { commandActor } from './command-actor.ts';
import { withRestoredStore, type CommandAnswer, type CommandContext } from './command.ts';
import { personOf } from './destination-words.ts';
import { tellRetention } from './purge.ts';
import { tellWithdrawals } from './tell-withdrawals.ts';

export interface EraseOptions {
  readonly facility: string;
  readonly visitKey?: string | undefined;
  readonly arrived?: string | undefined;
  readonly reason: string;
  readonly requestedBy: string;
  readonly yes?: boolean | undefined;
}

/**
 * One visit, at its facility's request. Nothing of the visit is printed, only where it came from: the hospital alone can tell
 * which one that is. Throws `erase-visit-unknown`, `erase-sending`, `command-invalid`.
 */
export async function eraseVisit(context: CommandContext, options: EraseOptions): Promise<CommandAnswer> {
  const { config, language } = context;
  const query = queryOf(options);
  const requestedBy = personOf(options.requestedBy);
  const reason = options.reason.trim();
  if (reason === '') throw invalid('--reason');
  return withRestoredStore(config, async (store) => {
    const found = await store.read((tx) => findVisits(tx, query));
    const [visit] = found;
    if (visit === undefined) return finished(context, store, query.facility);
    if (found.length > 1) return several(found, language);
    if (options.yes !== true) return preview(context, store, visit);
    const done = await carryOut(context, store, visit, { facility: query.facility, reason, requestedBy });
    return { ...done, lines: [...done.lines, ...(await tellWithdrawals(context))] };
  });
}

/** Nothing of the visit is there: what an erasure that was interrupted after its commit left to do is done now. */
async function finished(context: CommandContext, store: Store, facility: string): Promise<CommandAnswer> {
  const { config, language, clock, random, logger } = context;
  // First: what is left to do here may have been done, and the list not.
  const unwritten = await tellWithdrawals(context);
  const rewritten = await rewriteIfWanted(store);
  if (rewritten === undefined) throw permanent('erase-visit-unknown', { facts: { facility } });
  const { sign } = await openLiveRegion({ folder: config.state, clock, logger });
  const { extractionFolder } = config.retention;
  await removeExtractions({ store, clock, random, sign }, extractionFolder, commandActor());
  return {
    document: { erased: null, rewritten },
    lines: [
      tellRetention(language, 'eraseInterrupted'),
      tellRetention(language, rewritten ? 'eraseRewritten' : 'eraseNotRewritten'),
      ...unwritten,
    ],
    exitCode: rewritten ? 0 : 1,
  };
}

async function carryOut(
  { config, language, clock, random, logger }: CommandContext,
  store: Store,
  visit: FoundVisit,
  said: { readonly facility: string; readonly reason: string; readonly requestedBy: string },
): Promise<CommandAnswer> {
  const actor = commandActor();
  const keys = await openLiveRegion({ folder: config.state, clock, logger });
  const sign = (texts: readonly string[]): Promise<string> => keys.sign(texts);
  const deps = { store, clock, random, sign };
  const targets = await dispatchTargets(config.destinations);
  const { extractionFolder } = config.retention;
  const extractionsBefore = await removeExtractions(deps, extractionFolder, actor);
  const open = createSliceOpener(keys);
  const { record, dispatches, unopened } = await erase({ ...deps, open, targets }, visit, { ...said, actor });
  const extractions = extractionsBefore + (await removeExtractions(deps, extractionFolder, actor));
  const rewritten = (await rewriteIfWanted(store)) ?? true;
  const { records: held = 0, history = 0, staged = 0, envelopes = 0, dispatches: files = 0 } = record.counts;
  return {
    document: {
      erased: record,
      extractions,
      unopened,
      rewritten,
      dispatches: dispatches.map(({ name }) => name),
    },
    lines: [
      tellRetention(language, 'erased', {
        ...{
          held,
          history,
          staged,
          envelopes,
          dispatches: files,
          composed: dispatches.length,
          seq: record.seq,
        },
      }),
      ...(unopened === 0 ? [] : [tellRetention(language, 'eraseUnopened', { count: unopened })]),
      tellRetention(language, rewritten ? 'eraseRewritten' : 'eraseNotRewritten'),
      tellRetention(language, 'eraseElsewhere'),
    ],
    exitCode: rewritten ? 0 : 1,
  };
}

async function preview(
  { config, language }: CommandContext,
  store: Store,
  visit: FoundVisit,
): Promise<CommandAnswer> {
  const { held, history } = countsOf(visit);
  const { extractionFolder } = config.retention;
  const extractions = (await filesOf(extractionFolder)).length;
  const files = await store.read((tx) => keptFiles(tx, visit));
  const waiting = files.filter((state) => state === 'waiting').length;
  const counts = { held, history, dispatches: files.length, waiting, extractions };
  return {
    document: { erased: null, would: { ...candidateOf(visit), ...counts } },
    lines: [tellRetention(language, 'erasePreview', counts), tellRetention(language, 'eraseForGood')],
  };
}

async function keptFiles(tx: StoreTx, { feed, rows }: FoundVisit): Promise<readonly string[]> {
  const found = new Map<number, string>();
  for (const { facility, day } of rows)
    for (const { id, state, kept } of await tx.erasure.covering({ facility, feed: feed.name }, day))
      if (kept) found.set(id, state);
  return [...found.values()];
}

function several(found: readonly FoundVisit[], language: CommandContext['language']): CommandAnswer {
  const candidates = found.map(candidateOf);
  return {
    document: { erased: null, candidates },
    lines: [
      tellRetention(language, 'eraseSeveral', { count: found.length }),
      ...candidates.map((candidate) => tellRetention(language, 'eraseCandidate', candidate)),
    ],
    exitCode: 1,
  };
}

/** Where it came from, never what it says. */
function candidateOf(visit: FoundVisit) {
  const row = visit.rows.find(({ history }) => history === null) ?? visit.rows[0];
  return {
    key: (row?.visit ?? row?.key)?.toString('hex') ?? '',
    ...{
      feed: visit.feed.name,
      facility: row?.facility ?? '',
      part: row?.part ?? '',
      export: row?.export ?? '',
    },
    ...{ line: row?.line ?? 0, record: row?.record ?? 0 },
    ...countsOf(visit),
  };
}

function countsOf({ rows }: FoundVisit): { readonly held: number; readonly history: number } {
  const held = rows.filter(({ history }) => history === null).length;
  return { held, history: rows.length - held };
}

const minuteMs = 60_000;

function queryOf({ facility: finess, visitKey, arrived }: EraseOptions): VisitQuery {
  const facility = checkedFiness(finess);
  if ((visitKey === undefined) === (arrived === undefined)) throw invalid('--visit-key | --arrived');
  if (visitKey !== undefined) {
    const prefix = visitKey.trim().toLowerCase();
    if (!/^[0-9a-f]{12,32}$/.test(prefix)) throw invalid('--visit-key');
    return { facility, prefix };
  }
  const [, dayText = '', hour, minute] =
    /^(\d{4}-\d{2}-\d{2})[ T](\d{2}):(\d{2})$/.exec(arrived?.trim() ?? '') ?? [];
  const day = dayFromIso(dayText);
  if (day === undefined || Number(hour) > 23 || Number(minute) > 59)
    throw invalid('--arrived YYYY-MM-DD HH:MM');
  const { at, clockChange } = instantOf(day, (Number(hour) * 60 + Number(minute)) * minuteMs);
  // In the night when an hour comes twice, so does the minute.
  const minutes = clockChange === 'ambiguous' ? [at, at + 60 * minuteMs] : [at];
  return { facility, day, minutes };
}

function invalid(detail: string): Error {
  return permanent('command-invalid', { facts: { detail } });
}
