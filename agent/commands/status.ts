import { access } from 'node:fs/promises';
import { describeCode } from '../../shared/i18n/errors.ts';
import { agentTexts } from '../../shared/i18n/terminal-agent.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { adtCounts, type AdtCounts } from '../adt/movement-store.ts';
import { loadIdentity } from '../enrolment/identity.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import type { Identity } from '../enrolment/identity.ts';
import { expiryTrouble } from '../health/certificate-expiry.ts';
import { createDiskGuard } from '../health/disk-guard.ts';
import type { SourceConfig } from '../config.ts';
import type { ExportRow } from '../outbox/rows.ts';
import type { CommandContext } from './command.ts';
import { stateText } from './export-document.ts';
import { errorOf, finalState } from './export-document.ts';
import { withState, type OpenState } from './open-state.ts';

interface Trouble {
  readonly where: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Per source its last export, what waits, the last receipt, and what is wrong with what to do about it. Exit 1 when something is. */
export async function statusCommand({ config, language, json, print }: CommandContext): Promise<number> {
  const identity = await loadIdentity(config.state);
  const disk = createDiskGuard({ folder: config.state, floorBytes: config.limits.freeDiskBytes });
  const low = await disk.check();
  const document = await withState(config.state, async (open) => {
    const sources = config.sources.map((source) => describeSource(source, open, language));
    const troubles = [
      ...(low === null ? [] : [trouble('disk', low, language)]),
      ...certificateTroubles(identity, language),
      ...(await unreachable(config.sources, language)),
      ...sourceTroubles(sources, language),
      ...pushTroubles(open, language),
    ];
    return {
      agent: identity.agent,
      name: identity.name,
      region: identity.bundle().region,
      freeDiskBytes: await disk.freeBytes(),
      certificateUntil: new Date(identity.validity.until).toISOString(),
      lastReceiptAt: iso(open.backlog.lastReceiptAt()),
      sources,
      backlog: open.backlog
        .byFeed()
        .map(({ feed, epoch, seq, receiverSeq, pending, pendingBytes, oldestPendingAt }) => ({
          ...{ feed, epoch, seq, receiverSeq, pending, pendingBytes },
          oldestPendingAt: iso(oldestPendingAt),
        })),
      troubles,
    };
  });
  if (json) print(JSON.stringify(document));
  else for (const line of lines(document, language)) print(line);
  return document.troubles.length === 0 ? 0 : 1;
}

type SourceDocument = ReturnType<typeof describeSource>;

function describeSource(source: SourceConfig, { database, exports, files }: OpenState, language: Language) {
  const status = files.status(source.name);
  const last = exports.lastOfSource(source.name);
  return {
    name: source.name,
    folder: source.folder,
    exports: status?.exports ?? 0,
    records: status?.records ?? 0,
    problem: status?.problem ?? null,
    last: last === undefined ? null : describeLast(last, language),
    messages: describeMessages(adtCounts(database, source.name)),
  };
}

/** HL7 v2 messages of the source; null when none has come. */
function describeMessages({ taken, refused, lastAt, lastRefused }: AdtCounts) {
  if (lastAt === null) return null;
  const why = lastRefused === null ? null : { ...lastRefused, at: iso(lastRefused.at) };
  return { taken, refused, lastAt: iso(lastAt), lastRefused: why };
}

function describeLast(row: ExportRow, language: Language) {
  return {
    file: row.name,
    export: row.id,
    state: finalState(row) ?? row.outcome,
    records: row.records,
    rejected: row.rejected,
    findings: row.findingsTotal + row.receiverFindingsTotal,
    readAt: iso(row.readAt),
    error: errorOf(row, language),
  };
}

function certificateTroubles({ validity }: Identity, language: Language): readonly Trouble[] {
  const found = expiryTrouble(validity.until, systemClock.now());
  if (found === null) return [];
  const until = new Date(validity.until).toISOString();
  return [trouble('identity', found.code, language, { days: found.days, until })];
}

async function unreachable(
  sources: readonly SourceConfig[],
  language: Language,
): Promise<readonly Trouble[]> {
  const found: Trouble[] = [];
  for (const { name, folder } of sources) {
    const reachable = await access(folder).then(
      () => true,
      () => false,
    );
    if (!reachable) found.push(trouble(name, 'source-unreachable', language, { folder, reason: '' }));
  }
  return found;
}

function sourceTroubles(sources: readonly SourceDocument[], language: Language): readonly Trouble[] {
  return sources.flatMap((source): readonly Trouble[] => {
    const { last } = source;
    return [
      ...(source.problem === null || source.problem === 'source-unreachable'
        ? []
        : [trouble(source.name, source.problem, language, { folder: source.folder })]),
      ...(last === null || last.error === null
        ? []
        : [
            {
              where: `${source.name}: ${last.file}`,
              code: last.error.code,
              message: last.state,
              hint: last.error.hint,
            },
          ]),
    ];
  });
}

function pushTroubles({ backlog }: OpenState, language: Language): readonly Trouble[] {
  const code = backlog.lastProblem();
  return code === null ? [] : [trouble('push', code, language)];
}

function trouble(
  where: string,
  code: string,
  language: Language,
  facts: Readonly<Record<string, string | number>> = {},
): Trouble {
  const { message, hint } = describeCode(code, language, facts);
  return { where, code, message, hint };
}

function lines(
  document: {
    readonly name: string;
    readonly region: string;
    readonly certificateUntil: string;
    readonly lastReceiptAt: string | null;
    readonly sources: readonly SourceDocument[];
    readonly backlog: readonly { readonly feed: string; readonly seq: number; readonly pending: number }[];
    readonly troubles: readonly Trouble[];
  },
  language: Language,
): readonly string[] {
  const say = (key: keyof typeof agentTexts, facts: Record<string, string | number>): string =>
    fill(agentTexts[key][language], facts);
  return [
    say('statusHead', { name: document.name, region: document.region }),
    ...document.sources.flatMap(({ name, exports, records, last, messages }) => [
      say('statusSource', {
        ...{ name, exports, records },
        last: last === null ? '-' : `${last.file} (${stateText(last.state, language)}, ${last.readAt ?? ''})`,
      }),
      ...(messages === null ? [] : [messagesLine(messages, say)]),
    ]),
    ...document.backlog.map(({ feed, seq, pending }) => say('statusBacklog', { feed, seq, pending })),
    say('statusReceipt', { at: document.lastReceiptAt ?? '-' }),
    say('statusCertificate', { until: document.certificateUntil }),
    ...(document.troubles.length === 0
      ? [agentTexts.statusWell[language]]
      : document.troubles.map(
          ({ where, code, message, hint }) => `! ${where}: ${code}: ${message}\n  → ${hint}`,
        )),
  ];
}

function messagesLine(
  { taken, refused, lastAt, lastRefused: why }: Exclude<SourceDocument['messages'], null>,
  say: (key: 'statusMessages' | 'statusMessageRefused', facts: Record<string, string | number>) => string,
): string {
  const counted = say('statusMessages', { taken, refused, lastAt: lastAt ?? '' });
  if (why === null) return counted;
  const place = why.field === null ? why.segment : `${why.segment}-${why.field}`;
  return `${counted}${say('statusMessageRefused', { code: why.code, place, at: why.at ?? '' })}`;
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
