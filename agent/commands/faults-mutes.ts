import { findingTexts } from '../../shared/i18n/findings.ts';
import { operationTexts as texts } from '../../shared/i18n/terminal-agent-operations.ts';
import { fill } from '../../shared/i18n/texts.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayFromIso, dayOfInstant, dayToIso } from '../../shared/runtime/paris-time.ts';
import type { AuditAction } from '../outbox/operation-book.ts';
import { textOption, type CommandContext, type Options } from './command.ts';
import { dayOption, isoTime, operator, shownDay, sourceOption } from './operation-options.ts';
import { withOperations, type OpenOperations } from './open-operations.ts';
import { tableLines } from './terminal.ts';

/** A mute ends by itself: nobody forgets a fault for ever. */
const longestDays = 366;
const reasonCharacters = 200;

/** Takes a rule off the worklist until a day. Faults: `rule-unknown`, `mute-until`, `mute-reason`. */
export async function muteCommand(context: CommandContext, options: Options, rule: string): Promise<number> {
  const { config, json, language, print, terminal } = context;
  const now = systemClock.now();
  const today = dayOfInstant(now);
  const until = dayOption(options, 'until');
  const reason = (textOption(options, 'reason') ?? '').trim();
  if (!(rule in findingTexts)) throw permanent('rule-unknown', { facts: { rule } });
  if (until === undefined || until < today || until > today + longestDays)
    throw permanent('mute-until', { facts: { days: longestDays } });
  if (reason === '' || reason.length > reasonCharacters)
    throw permanent('mute-reason', { facts: { characters: reasonCharacters } });
  const mute = {
    ...{ rule, field: textOption(options, 'field') ?? null, source: sourceOption(options, config) ?? null },
    ...{ until: dayToIso(until), reason, who: operator(terminal.env), at: now },
  };
  const n = await withOperations(config.state, (open) =>
    open.database.transaction(() => {
      note(context, open, 'mute', scopeText(mute));
      return open.operations.mute(mute);
    }),
  );
  if (json) print(JSON.stringify({ n, ...mute, at: isoTime(mute.at) }));
  else print(fill(texts.muteDone[language], { n, rule, until: shownDay(until, language) }));
  return 0;
}

export async function mutedCommand({
  config,
  json,
  language,
  print,
  terminal,
}: CommandContext): Promise<number> {
  const today = dayToIso(dayOfInstant(systemClock.now()));
  const mutes = await withOperations(config.state, ({ operations }) => operations.mutes());
  const inForce = mutes.filter(({ until }) => today <= until);
  if (json) {
    print(JSON.stringify({ mutes: inForce.map((mute) => ({ ...mute, at: isoTime(mute.at) })) }));
    return 0;
  }
  if (inForce.length === 0) {
    print(texts.muteNone[language]);
    return 0;
  }
  const heads = [
    texts.headNumber,
    texts.headRule,
    texts.headField,
    texts.headSource,
    texts.headUntil,
    texts.headWho,
    texts.headReason,
  ].map((head) => head[language]);
  const rows = inForce.map(({ n, rule, field, source, until, who, reason }) => {
    const day = dayFromIso(until);
    const shown = day === undefined ? until : shownDay(day, language);
    return [`${n}`, rule, field ?? '*', source ?? '*', shown, who, reason];
  });
  for (const line of tableLines(heads, rows, terminal)) print(line);
  return 0;
}

/** Faults: `mute-unknown`. */
export async function unmuteCommand(context: CommandContext, number: string): Promise<number> {
  const { config, json, language, print } = context;
  await withOperations(config.state, (open) => {
    open.database.transaction(() => {
      if (!/^\d{1,15}$/.test(number) || !open.operations.unmute(Number(number)))
        throw permanent('mute-unknown', { facts: { number } });
      note(context, open, 'unmute', number);
    });
  });
  if (json) print(JSON.stringify({ n: Number(number), done: true }));
  else print(texts.unmuteDone[language]);
  return 0;
}

function scopeText(mute: {
  readonly rule: string;
  readonly field: string | null;
  readonly source: string | null;
  readonly until: string;
}): string {
  const { rule, field, source, until } = mute;
  return [rule, field, source, `≤ ${until}`].filter((part) => part !== null).join(' ');
}

function note(
  { terminal }: CommandContext,
  { operations }: OpenOperations,
  action: AuditAction,
  what: string,
): void {
  operations.record({
    ...{ at: systemClock.now(), who: operator(terminal.env), action, what },
    ...{ exports: 0, records: 0 },
  });
}
