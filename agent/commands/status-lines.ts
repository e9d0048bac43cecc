import { operationTexts as texts } from '../../shared/i18n/terminal-agent-operations.ts';
import { agentTexts } from '../../shared/i18n/terminal-agent.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import type { CommandContext } from './command.ts';
import { stateText } from './export-document.ts';
import { shownTime } from './operation-options.ts';
import type { SourceDocument, StatusDocument } from './status-document.ts';
import { tableLines } from './terminal.ts';

type Say = (key: keyof typeof agentTexts, facts: Readonly<Record<string, string | number>>) => string;

/** The document for a person: what runs, a table of sources, what waits, what is wrong. */
export function statusLines(document: StatusDocument, context: CommandContext): readonly string[] {
  const { language } = context;
  const say: Say = (key, facts) => fill(agentTexts[key][language], facts);
  const { recent, quarantine } = document;
  return [
    say('statusHead', { name: document.name, region: document.region }),
    runningLine(document, language),
    ...sourceTable(document.sources, context),
    ...document.sources.flatMap(({ name, messages }) =>
      messages === null ? [] : [`${name}:`, messagesLine(messages, language, say)],
    ),
    ...document.backlog.map(({ feed, seq, pending }) => say('statusBacklog', { feed, seq, pending })),
    fill(texts.statusRecent[language], { ...recent, quarantine }),
    say('statusReceipt', { at: local(document.lastReceiptAt, language) }),
    fill(texts.statusContact[language], { at: local(document.lastContactAt, language) }),
    say('statusCertificate', { until: local(document.certificateUntil, language) }),
    ...(document.troubles.length === 0
      ? [agentTexts.statusWell[language]]
      : document.troubles.map(
          ({ level, where, code, message, hint }) =>
            `${level === 'critical' ? '!!' : '!'} ${where}: ${code}: ${message}\n  → ${hint}`,
        )),
  ];
}

function runningLine({ running }: StatusDocument, language: Language): string {
  if (running === null) return texts.statusStopped[language];
  return fill(texts.statusRunning[language], {
    pid: running.pid ?? '?',
    since: local(running.since, language),
  });
}

function sourceTable(
  sources: readonly SourceDocument[],
  { language, terminal }: CommandContext,
): readonly string[] {
  const heads = [
    texts.headSource,
    texts.headExports,
    texts.headRecords,
    texts.headWaiting,
    texts.headRead,
    texts.headState,
    texts.headFile,
  ].map((head) => head[language]);
  const rows = sources.map(({ name, exports, records, waiting, last }) => [
    ...[name, `${exports}`, `${records}`, `${waiting}`],
    ...(last === null
      ? ['-', '-', '-']
      : [local(last.readAt, language), stateText(last.state, language), last.file]),
  ]);
  return tableLines(heads, rows, terminal);
}

function messagesLine(
  { taken, refused, lastAt, lastRefused: why }: Exclude<SourceDocument['messages'], null>,
  language: Language,
  say: Say,
): string {
  const counted = say('statusMessages', { taken, refused, lastAt: local(lastAt, language) });
  if (why === null) return counted;
  const place = why.field === null ? why.segment : `${why.segment}-${why.field}`;
  return `${counted}${say('statusMessageRefused', { code: why.code, place, at: local(why.at, language) })}`;
}

function local(at: string | null, language: Language): string {
  return shownTime(at === null ? null : Date.parse(at), language);
}
