import { agentTexts, envelopeTexts } from '../../shared/i18n/terminal-agent.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { deliveryReceipt } from '../../shared/protocol/receipts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { loadMappings, pick } from '../agent.ts';
import { loadIdentity } from '../enrolment/identity.ts';
import { readingAgain } from '../intake/joins.ts';
import type { EnvelopeRow, ExportRow } from '../outbox/rows.ts';
import { carryingDispatches, signedAt } from './carrying-dispatches.ts';
import type { CommandContext } from './command.ts';
import { errorOf, shownState, stateText } from './export-document.ts';
import { findVisit } from './find-visit.ts';
import { findRecord, type TracedRecord, type Wanted } from './find-record.ts';
import { shownTime, shownWindow } from './operation-options.ts';
import { withState, type OpenState } from './open-state.ts';

/** How many exports a key is looked for in, newest first. */
const exportsSearched = 200;

interface Target {
  readonly row: ExportRow;
  readonly envelope: string | undefined;
  readonly record: TracedRecord | undefined;
  readonly fileGone: boolean;
}

/** The way of one export, or of one record from its line to the dispatch that carries its day. */
export async function traceCommand(context: CommandContext, what: string): Promise<number> {
  const { config, json, print } = context;
  const document = await withState(config.state, async (open) =>
    describe(context, open, await find(context, open, what)),
  );
  if (json) print(JSON.stringify(document));
  else for (const line of lines(document, context)) print(line);
  return 0;
}

async function find(context: CommandContext, open: OpenState, what: string): Promise<Target> {
  const { exports } = open;
  const plain = exports.get(what) ?? exports.byName(what, 1)[0];
  if (plain !== undefined) return { row: plain, envelope: undefined, record: undefined, fileGone: false };
  const envelope = exports.envelope(what);
  const ofEnvelope = envelope === undefined ? undefined : exports.get(envelope.export);
  if (envelope !== undefined && ofEnvelope !== undefined)
    return { row: ofEnvelope, envelope: envelope.id, record: undefined, fileGone: false };
  const [, name = '', line = ''] = /^(.+):(\d{1,10})$/s.exec(what) ?? [];
  const row = exports.get(name) ?? exports.byName(name, 1)[0];
  if (row !== undefined) return look(context, open, row, { kind: 'line', line: Number(line) });
  if (/^[0-9a-f]{8,32}$/.test(what)) {
    for (const candidate of exports.recent(exportsSearched)) {
      const target = await look(context, open, candidate, { kind: 'key', prefix: what });
      if (target.record !== undefined) return target;
    }
  }
  throw permanent('trace-not-found', { facts: { what } });
}

async function look(
  { config }: CommandContext,
  { database }: Pick<OpenState, 'database'>,
  row: ExportRow,
  wanted: Wanted,
): Promise<Target> {
  const source = config.sources.find(({ name }) => name === row.source);
  if (source === undefined) return { row, envelope: undefined, record: undefined, fileGone: true };
  const identity = await loadIdentity(config.state);
  const mappings = pick(await loadMappings(config), source.mappings);
  const again = await readingAgain({
    ...{ source, mappings, database, state: config.state, random: systemRandom, readAt: row.readAt },
  });
  const deps = { source, mappings, facilityKey: identity.facilityKey, again };
  const spoken = mappings.find(({ name, format }) => format === 'hl7v2' && name === row.mapping);
  const found =
    spoken === undefined
      ? await findRecord(deps, row, wanted)
      : await findVisit({ ...deps, mapping: spoken, database, state: config.state }, row, wanted);
  return {
    row,
    envelope: undefined,
    record: found.kind === 'found' ? found.record : undefined,
    fileGone: found.kind === 'file-gone',
  };
}

type TraceDocument = ReturnType<typeof describe>;

function describe(
  { language }: CommandContext,
  { exports }: OpenState,
  { row, envelope, record, fileGone }: Target,
) {
  const carries = (one: EnvelopeRow): boolean =>
    record === undefined ||
    record.record === null ||
    (one.firstRecord <= record.record && record.record <= one.lastRecord);
  const envelopes = exports
    .envelopes(row.id)
    .filter((one) => (envelope === undefined || one.id === envelope) && carries(one));
  const day = record?.day ?? null;
  return {
    export: {
      ...{ id: row.id, file: row.name, source: row.source, digest: row.digest, feed: row.feed },
      ...{ facility: row.facility, part: row.part, records: row.records, rejected: row.rejected },
      /** What the region did with its records; null before its receipt. */
      applied: appliedOf(row),
      state: shownState(row),
      readAt: iso(row.readAt),
      settledAt: iso(row.settledAt),
      /** duplicate: the export that answers for it. */
      original: row.original,
      error: errorOf(row, language),
    },
    record: record ?? null,
    fileGone,
    envelopes: envelopes.map(({ id, slice, epoch, seq, digest, state, createdAt, acceptedAt }) => ({
      ...{ id, slice, epoch, seq, digest, state },
      createdAt: iso(createdAt),
      acceptedAt: iso(acceptedAt),
    })),
    receipts: exports
      .receipts(row.id)
      .map(({ kind, text }) => ({ kind, at: iso(signedAt(text)), ...deliveryOf(text) })),
    dispatches: carryingDispatches(exports, row, day).map(
      ({ name, destination, from, to, forwardedAt, delivery, at, code }) => ({
        ...{ name, destination, from, to, forwardedAt: iso(forwardedAt), delivery, at: iso(at), code },
      }),
    ),
  };
}

function lines(document: TraceDocument, { language }: CommandContext): readonly string[] {
  const say = (key: keyof typeof agentTexts, facts: Record<string, string | number>): string =>
    fill(agentTexts[key][language], facts);
  const { record, export: of } = document;
  return [
    say('traceExport', {
      ...{ file: of.file, export: of.id, readAt: local(of.readAt, language) },
      state: stateText(of.state, language),
    }),
    ...(of.error === null ? [] : [`  ${of.error.code} → ${of.error.hint}`]),
    ...(document.fileGone ? [agentTexts.traceFileGone[language]] : []),
    ...(of.applied === null ? [] : [say('traceCounts', of.applied)]),
    ...(record === null ? [] : [describeRecord(record, language, say)]),
    ...document.envelopes.map(({ id, slice, epoch, seq, state, acceptedAt }) =>
      say('traceEnvelope', {
        ...{ id, slice, epoch, seq },
        state: fill(envelopeTexts[state]?.[language] ?? state, { at: local(acceptedAt, language) }),
      }),
    ),
    ...document.receipts.map(({ kind, at, dispatch, destination }) =>
      dispatch === null
        ? say('traceReceipt', { kind: stateText(kind, language), at: local(at, language) })
        : say('traceDeliveryReceipt', {
            ...{ kind: stateText(kind, language), at: local(at, language), dispatch, destination },
          }),
    ),
    ...document.dispatches.map((dispatch) =>
      say('traceDispatch', {
        ...{ name: dispatch.name, destination: dispatch.destination },
        ...{ from: isoDay(dispatch.from, language), to: isoDay(dispatch.to, language) },
        delivery: deliveryText(dispatch, language),
      }),
    ),
  ];
}

/** When it was at the agency, and what the agency said of it. */
function deliveryText(
  { forwardedAt, delivery, at, code }: TraceDocument['dispatches'][number],
  language: Language,
): string {
  const say = (state: string, when: string | null): string =>
    fill(agentTexts.traceDelivered[language], {
      state: stateText(state, language),
      at: local(when, language),
    });
  if (delivery === null) return agentTexts.traceNotDelivered[language];
  if (delivery === 'forwarded') return say(delivery, forwardedAt ?? at);
  return [
    ...(forwardedAt === null ? [] : [say('forwarded', forwardedAt)]),
    `${say(delivery, at)}${code === null ? '' : fill(agentTexts.traceCode[language], { code })}`,
  ].join(', ');
}

/** What a receipt about a delivery names. */
function deliveryOf(text: string) {
  const { success, data } = deliveryReceipt.safeParse(JSON.parse(text));
  return success
    ? { dispatch: data.dispatch, destination: data.destination }
    : { dispatch: null, destination: null };
}

function describeRecord(
  { record, line, day, key, rejectedBy }: TracedRecord,
  language: Language,
  say: (key: 'traceRecord' | 'traceRejected', facts: Record<string, string | number>) => string,
): string {
  return rejectedBy === null
    ? say('traceRecord', { record: record ?? '-', line, day: isoDay(day, language), key: key ?? '-' })
    : say('traceRejected', { record: record ?? '-', line, rule: rejectedBy });
}

function appliedOf({ outcome, ...row }: ExportRow): Readonly<Record<Applied, number>> | null {
  if (outcome === 'unknown' || outcome === 'rejected' || outcome === 'duplicate') return null;
  const { added, updated, unchanged, stale, removed, suspended } = row;
  return { added, updated, unchanged, stale, removed, suspended };
}

type Applied = 'added' | 'updated' | 'unchanged' | 'stale' | 'removed' | 'suspended';

function local(at: string | null, language: Language): string {
  return shownTime(at === null ? null : Date.parse(at), language);
}

function isoDay(text: string | null, language: Language): string {
  return shownWindow(text, text, language);
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
