import { portalMorning } from '../../../shared/i18n/portal-morning.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayOfInstant } from '../../../shared/runtime/paris-time.ts';
import type { Html, HtmlPart } from '../html.ts';
import { thread, type Postmark } from '../parts.ts';
import type { RegionSeen } from '../reads/region-seen.ts';
import { teller } from '../typeset.ts';
import { count, dayWords, hourWords, momentWords } from '../words.ts';
import { visitWords } from './cause-words.ts';
import { answersOf, mainDestination, nextSending } from './deliveries.ts';
import type { Tally, TallyRow } from './tally.ts';

/** The day's way through the region: expected, received, checked, sent, acknowledged, and the next planned sending. */
export function regionThread(seen: RegionSeen, tally: Tally, now: number, language: Language): Html {
  const marks = [
    expectedMark(tally, language),
    receivedMark(tally, language),
    checkedMark(tally, language),
    ...sentMarks(seen, tally, now, language),
    ...nextMark(seen, language),
  ];
  return thread(teller(portalMorning, language)('threadLabel'), marks);
}

const usualBefore = '04:00';

function expectedMark({ rows }: Tally, language: Language): Postmark {
  const tell = teller(portalMorning, language);
  const closed = rows.filter(({ cell }) => cell.state === 'closed').length;
  const times = rows.map(({ pair }) => pair.before ?? usualBefore).sort();
  const lines = times.length === 0 ? [] : [tell('before', { at: times.at(-1) ?? usualBefore })];
  if (closed > 0) lines.push(tell('closed', { count: closed }));
  return { tone: 'done', mark: { text: rows.length - closed }, name: tell('expected'), lines };
}

function receivedMark({ rows }: Tally, language: Language): Postmark {
  const tell = teller(portalMorning, language);
  const here = arrived(rows);
  const late = here.filter(({ cell }) => cell.state === 'late');
  const silent = rows.filter(({ cell }) => cell.state === 'silent').length;
  const pending = rows.filter(({ cell }) => cell.state === null && cell.count === 0).length;
  const inTime = here.length - late.length;
  const [first] = late;
  const lines = [
    late.length === 0 || first === undefined
      ? tell('onTime', { count: inTime })
      : late.length === 1
        ? tell('oneLate', { count: inTime, at: hourWords(first.cell.wholeAt ?? first.cell.deadline) })
        : tell('someLate', { count: inTime, late: late.length }),
    ...(silent > 0 ? [tell('silences', { count: silent })] : []),
    ...(pending > 0 ? [tell('pending', { count: pending })] : []),
  ];
  const tone = here.length === 0 && silent > 0 ? 'silent' : late.length + silent > 0 ? 'late' : 'done';
  return { tone, mark: { text: here.length }, name: tell('received'), lines };
}

function arrived(rows: readonly TallyRow[]): readonly TallyRow[] {
  return rows.filter(({ cell, pair }) => cell.count > 0 || cell.state === 'received' || pair.held !== null);
}

function checkedMark({ rows }: Tally, language: Language): Postmark {
  const tell = teller(portalMorning, language);
  const here = arrived(rows);
  const held = here.filter(({ pair }) => pair.held !== null).length;
  const findings = here.reduce((sum, { pair }) => sum + pair.findings, 0);
  const lines = [
    ...(held > 0 ? [held === 1 ? tell('heldOne') : tell('heldSome', { count: held })] : []),
    findings === 0 ? tell('noFinding') : tell('findings', { count: count(findings, language) }),
  ];
  const tone = held > 0 ? 'held' : 'done';
  return { tone, mark: { text: here.length - held }, name: tell('checked'), lines };
}

function sentMarks(seen: RegionSeen, tally: Tally, now: number, language: Language): readonly Postmark[] {
  const tell = teller(portalMorning, language);
  const main = mainDestination(seen);
  if (main === undefined)
    return [{ tone: 'todo', mark: { glyph: 'send' }, name: tell('sent'), lines: [tell('noDestination')] }];
  const answers = answersOf(tally, main.name);
  const { delivered, acknowledged, refused, waiting } = answers;
  const last = (at: number | null): readonly HtmlPart[] =>
    at === null ? [] : [tell('lastAt', { at: momentWords(at, now, language) })];
  const sent: Postmark = {
    tone: delivered === 0 ? 'todo' : waiting > 0 ? 'late' : 'done',
    ...{ mark: { text: delivered }, name: tell('sent') },
    lines: [
      tell('toWhom', { owner: main.owner }),
      delivered > 0 ? visitWords(answers.visits, language) : null,
      ...(waiting > 0 ? [tell('waitingFiles', { count: waiting })] : []),
    ].filter((line) => line !== null),
  };
  if (!main.acknowledges && acknowledged === 0) {
    const lines = [tell('withoutAnswer')];
    return [sent, { tone: 'todo', mark: { text: '—' }, name: tell('acknowledged'), lines }];
  }
  const unanswered = delivered - acknowledged - refused;
  return [
    sent,
    {
      tone: refused > 0 ? 'late' : acknowledged === 0 ? 'todo' : 'done',
      ...{ mark: { text: acknowledged }, name: tell('acknowledged') },
      lines: [
        ...last(answers.lastAnswerAt),
        ...(refused > 0 ? [tell('refusedOnes', { count: refused })] : []),
        ...(unanswered > 0 ? [tell('awaitedOnes', { count: unanswered })] : []),
      ],
    },
  ];
}

function nextMark(seen: RegionSeen, language: Language): readonly Postmark[] {
  const next = nextSending(seen);
  if (next?.nextAt == null) return [];
  const tell = teller(portalMorning, language);
  const day = dayOfInstant(next.nextAt);
  return [
    {
      tone: 'todo',
      mark: { text: dayWords(day, 'short', language).slice(0, 4).trim().replace(',', '') },
      name: tell('nextSending', { name: next.owner }),
      lines: [`${dayWords(day, 'weekday', language)}, ${hourWords(next.nextAt)}`],
    },
  ];
}
