import { signTombstone } from '../../shared/protocol/tombstone.ts';
import { writeCarry, type CarryEntry } from '../../shared/protocol/carry.ts';
import { operationTexts as texts } from '../../shared/i18n/terminal-agent-operations.ts';
import { fill } from '../../shared/i18n/texts.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { loadIdentity, type Identity } from '../enrolment/identity.ts';
import type { AgentDatabase } from '../outbox/database.ts';
import { carrySql } from '../outbox/operation-queries.ts';
import { envelopeSql } from '../outbox/queries.ts';
import type { EnvelopeRow } from '../outbox/rows.ts';
import type { CommandContext, Options } from './command.ts';
import { operator, sourceOption } from './operation-options.ts';
import { withOperations, type OpenOperations } from './open-operations.ts';

/**
 * Writes what waits to be sent into one file: sealed envelopes and tombstones, as they would travel. They stay pending, so
 * that nothing depends on the file's arrival; sent twice, they are received once.
 */
export async function carryExport(context: CommandContext, options: Options, file: string): Promise<number> {
  const { config, json, language, print } = context;
  const source = sourceOption(options, config);
  const identity = await loadIdentity(config.state);
  return withOperations(config.state, async (open) => {
    const counts = await writePending(context, open, { identity, source, file });
    const document = { file: counts.envelopes + counts.tombstones === 0 ? null : file, ...counts };
    if (document.file !== null)
      open.operations.record({
        ...{ at: systemClock.now(), who: operator(context.terminal.env), action: 'carry-export' },
        ...{ what: file, exports: counts.exports, records: counts.records },
      });
    if (json) print(JSON.stringify(document));
    else if (document.file === null) print(texts.carryNothing[language]);
    else print(fill(texts.carryExported[language], { file, ...counts }));
    return 0;
  });
}

interface Pending {
  readonly envelopes: readonly number[];
  readonly tombstones: readonly EnvelopeRow[];
}

async function writePending(
  context: CommandContext,
  open: OpenOperations,
  wanted: { readonly identity: Identity; readonly source: string | undefined; readonly file: string },
) {
  const { database, exports } = open;
  const { identity, source, file } = wanted;
  // One look at the database, however long writing takes and whatever the running agent sends meanwhile.
  database.db.exec('begin');
  try {
    const pending = pendingOf(database, source);
    const counts = countsOf(database, pending);
    if (counts.envelopes + counts.tombstones === 0) return counts;
    const header = {
      ...({ v: 1, kind: 'envelopes', agent: identity.agent, region: identity.rootDigest } as const),
      ...{ created: systemClock.now(), cursor: exports.cursor() },
      entries: counts.envelopes + counts.tombstones,
    };
    await writeCarry(file, header, entriesOf(context, open, identity, pending));
    return counts;
  } finally {
    database.db.exec('rollback');
    context.terminal.progress('');
  }
}

function countsOf({ get }: AgentDatabase, { envelopes, tombstones }: Pending) {
  const exports = new Set<string>();
  let records = 0;
  for (const n of envelopes) {
    const row = get<EnvelopeRow>(carrySql.byNumber, n);
    if (row === undefined) continue;
    exports.add(row.export);
    records += row.records;
  }
  return { envelopes: envelopes.length, tombstones: tombstones.length, records, exports: exports.size };
}

/** In the order of the ledger; a tombstone due is carried whichever source is asked for. */
function pendingOf({ all, get }: AgentDatabase, source: string | undefined): Pending {
  const numbers = [...all<{ n: number }>(carrySql.pending), ...all<{ n: number }>(carrySql.sending)]
    .map(({ n }) => n)
    .sort((a, b) => a - b);
  const isWanted = (n: number): boolean => {
    const row = source === undefined ? undefined : get<EnvelopeRow>(carrySql.byNumber, n);
    return source === undefined || get(carrySql.ofSource, row?.export, source) !== undefined;
  };
  return { envelopes: numbers.filter(isWanted), tombstones: all<EnvelopeRow>(carrySql.tombstones) };
}

async function* entriesOf(
  { language, terminal }: CommandContext,
  { database }: OpenOperations,
  identity: Identity,
  { envelopes, tombstones }: Pending,
): AsyncGenerator<CarryEntry> {
  let done = 0;
  for (const n of envelopes) {
    const content = database.get<{ content: Buffer }>(envelopeSql.content, n)?.content;
    if (content === undefined) throw permanent('outbox-content-missing', { facts: { envelope: n } });
    yield { kind: 'envelope', bytes: content };
    done += 1;
    terminal.progress(fill(texts.carryWriting[language], { done, of: envelopes.length }));
  }
  for (const { id, feed, epoch, seq, digest, prev, code } of tombstones) {
    const fields = { agent: identity.agent, feed, epoch, seq, envelope: id, digest, prev };
    const request = await signTombstone({ ...fields, code: code ?? 'unexpected' }, identity.seal.privateKey);
    yield { kind: 'tombstone', bytes: Buffer.from(JSON.stringify(request), 'utf8') };
  }
}
