import { noticeKindNames } from '../../shared/i18n/terminal-manifests.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayOfInstant, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import type { FacilityNotice } from '../store/destination-tables.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { writeDown } from './command-actor.ts';
import { countOption, dayOption, personOf, shownDay } from './destination-words.ts';
import { checkedFiness } from '../apply/register-facility.ts';
import { printable, state } from './manifest-lines.ts';

export interface NoticeOptions {
  /** A FINESS, or `end`, or `list`. */
  readonly what: string;
  /** closed or degraded; for `end`, the notice's number. */
  readonly more?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly reason?: string | undefined;
  readonly by?: string | undefined;
}

const longestReason = 200;

/** What a person says of a facility's days, so that manifests say why nothing comes: `FINESS closed|degraded`, `end ID`, `list`. */
export function facilityNotice(context: CommandContext, options: NoticeOptions): Promise<CommandAnswer> {
  if (options.what === 'list') return listNotices(context);
  return options.what === 'end' ? endNotice(context, options.more ?? '') : addNotice(context, options);
}

async function addNotice(
  { config, language, clock }: CommandContext,
  { what, more: kind, from, to, reason, by }: NoticeOptions,
): Promise<CommandAnswer> {
  const facility = checkedFiness(what);
  if (kind !== 'closed' && kind !== 'degraded') throw mistyped(`closed | degraded (${kind ?? ''})`);
  const [first, last] = [dayOption(from ?? '', '--from'), dayOption(to ?? '', '--to')];
  if (first > last) throw mistyped('--from > --to');
  const words = (reason ?? '').trim();
  if (words === '' || words.length > longestReason) throw mistyped(`--reason (1-${longestReason})`);
  const person = personOf(by ?? '');
  const notice: Omit<FacilityNotice, 'id'> = {
    ...{ facility, kind, from: first, to: last, reason: words, person },
    at: clock.now(),
  };
  const id = await withStore(config, (store) =>
    store.transaction(async (tx) => {
      if ((await tx.facilities.get(facility)) === undefined)
        throw permanent('notice-facility-unknown', { facts: { facility } });
      const added = await tx.notices.add(notice);
      await writeDown(tx, clock, {
        ...{ action: 'notice.add', subject: facility, facility, reason: words },
        facts: { kind, from: dayToIso(first), to: dayToIso(last), by: person, notice: added },
      });
      return added;
    }),
  );
  const added = { ...notice, id };
  return {
    document: documentOf(added),
    lines: [state(language, 'noticeAdded', shownNotice(added, language))],
  };
}

async function endNotice({ config, language, clock }: CommandContext, text: string): Promise<CommandAnswer> {
  const id = countOption(text, 'ID', 999_999);
  const ended = await withStore(config, (store) =>
    store.transaction(async (tx) => {
      const done = await tx.notices.end(id);
      if (done) await writeDown(tx, clock, { action: 'notice.end', subject: String(id) });
      return done;
    }),
  );
  if (!ended) throw permanent('notice-unknown', { facts: { id } });
  return { document: { id, ended }, lines: [state(language, 'noticeEnded', { id })] };
}

const lastDay = 100_000 as Day;

async function listNotices({ config, language, clock }: CommandContext): Promise<CommandAnswer> {
  const today = dayOfInstant(clock.now());
  const found = await withStore(config, (store) => store.read((tx) => tx.notices.during(today, lastDay)));
  const notices = found.map(documentOf);
  return {
    document: { notices },
    lines:
      notices.length === 0
        ? [state(language, 'noticeNone')]
        : found.map((each) => state(language, 'noticeLine', shownNotice(each, language))),
  };
}

function documentOf(notice: FacilityNotice) {
  return { ...notice, from: dayToIso(notice.from), to: dayToIso(notice.to) };
}

function shownNotice({ from, to, kind, reason, ...notice }: FacilityNotice, language: Language) {
  return {
    ...{ ...notice, kind: noticeKindNames[kind][language], reason: printable(reason) },
    ...{ from: shownDay(from, language), to: shownDay(to, language) },
  };
}

function mistyped(detail: string): Error {
  return permanent('command-invalid', { facts: { detail } });
}
