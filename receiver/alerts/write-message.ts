import { alertCauses, alertMail, alertStateWords } from '../../shared/i18n/alert-messages.ts';
import { fill, speaker, type Language } from '../../shared/i18n/texts.ts';
import { feedNamed } from '../../shared/feeds/registry.ts';
import { dayToIso, instantToFrench, type Day } from '../../shared/runtime/paris-time.ts';
import type { WatchRules } from '../monitor/settings.ts';
import type { AlertRow } from '../store/alert-tables.ts';
import type { MessageAbout } from './message-about.ts';
import { writeSms, writeTestSms } from './write-sms.ts';

export interface WriterDeps {
  readonly names: ReadonlyMap<string, string>;
  readonly region: string;
  readonly rules: WatchRules;
  /** Where people reach the pages; undefined when the settings do not say. */
  readonly url: string | undefined;
}

export interface Written {
  /** '' where the channel has none. */
  readonly subject: string;
  readonly text: string;
}

export interface MessageWriter {
  write(alert: AlertRow, about: MessageAbout): Written;
  writeTest(about: Omit<MessageAbout, 'kind'>, person: string): Written;
}

/** The texts as they leave: plain text, no picture, links that need signing in and change nothing by being opened. */
export function createMessageWriter(deps: WriterDeps): MessageWriter {
  const { region, url } = deps;
  return {
    write: (alert, about) => {
      const site = siteOf(alert, deps.names, about.language);
      const link =
        url === undefined ? undefined : `${url}${about.language === 'en' ? '/en' : ''}/alertes/${alert.id}`;
      switch (about.channel) {
        case 'email':
          return {
            subject: subjectOf(alert, about, site),
            text: mailText(alert, about, { ...deps, site, link }),
          };
        case 'sms':
          return { subject: '', text: writeSms(alert, about, { site, link }) };
        case 'webhook':
          return { subject: '', text: hookText(alert, about, { region, site, link }) };
      }
    },
    writeTest: ({ channel, language, identity, now }, name) => {
      const say = speaker(alertMail, language);
      const text = say('testText', { name, region });
      switch (channel) {
        case 'email':
          return { subject: say('testSubject'), text: `${text}\n` };
        case 'sms':
          return { subject: '', text: writeTestSms(language) };
        case 'webhook':
          return {
            subject: '',
            text: JSON.stringify({
              type: 'alert.test',
              id: identity,
              at: new Date(now).toISOString(),
              region,
              text,
            }),
          };
      }
    },
  };
}

export function siteOf(alert: AlertRow, names: ReadonlyMap<string, string>, language: Language): string {
  const say = speaker(alertMail, language);
  if (alert.kind === 'region') return say('region', { n: alert.facts.remaining ?? alert.members.length });
  if (alert.destination !== null) return alert.destination;
  if (alert.facility !== null) return names.get(alert.facility) ?? alert.facility;
  return say('receiver');
}

function subjectOf(alert: AlertRow, { kind, language }: MessageAbout, site: string): string {
  const say = speaker(alertMail, language);
  const days = daysOf(alert.days, language);
  if (kind === 'recovery')
    return say(alert.ending === 'person' ? 'closedSubject' : 'recoveredSubject', { site, days });
  const word = alertStateWords[alert.state][language];
  const state =
    kind === 'reminder'
      ? say('again', { state: word.toLowerCase() })
      : kind === 'escalation'
        ? say('nobodyTook', { state: word.toLowerCase() })
        : word;
  return say('subject', { state, site, days });
}

interface MailParts extends WriterDeps {
  readonly site: string;
  readonly link: string | undefined;
}

function mailText(alert: AlertRow, { kind, language, now }: MessageAbout, parts: MailParts): string {
  const say = speaker(alertMail, language);
  const lines =
    kind === 'recovery'
      ? overLines(alert, language, now)
      : [...factLines(alert, language, parts), ...missingLines(alert, language)];
  const foot = say('number', { id: alert.id, region: parts.region });
  const links =
    parts.link === undefined
      ? []
      : kind === 'recovery'
        ? [say('open', { link: parts.link })]
        : [say('open', { link: parts.link }), say('take', { link: `${parts.link}#prendre` })];
  return `${[...lines, '', ...links, foot].join('\n')}\n`;
}

function factLines(alert: AlertRow, language: Language, { site, rules }: MailParts): readonly string[] {
  const say = speaker(alertMail, language);
  const since = momentOf(alert.since, language);
  if (alert.kind === 'region') {
    const n = alert.facts.remaining ?? alert.members.length;
    const check = say('check', { check: say('regionCheck') });
    return [say('regionFact', { n, since }), say('regionWorks'), check];
  }
  const words = alertCauses[alert.cause];
  const { lastAt } = alert.facts;
  const last = lastAt === undefined ? say('never') : momentOf(lastAt, language);
  const due = dueWords(alert, rules, language);
  return [
    fill(words.fact[language], { last, due, site, since }),
    words.works[language],
    say('check', { check: words.check[language] }),
  ];
}

function missingLines(alert: AlertRow, language: Language): readonly string[] {
  const say = speaker(alertMail, language);
  const { files } = alert.facts;
  if (files !== undefined) return [say('waiting', { files, n: alert.missing })];
  return alert.missing === 0 ? [] : [say('missing', { n: alert.missing })];
}

function overLines(alert: AlertRow, language: Language, now: number): readonly string[] {
  const say = speaker(alertMail, language);
  const at = momentOf(now, language).replace(/^(le|on) /, '');
  if (alert.ending === 'person')
    return [say('closedFact', { name: alert.closedName ?? '', at, reason: alert.reason ?? '' })];
  const cause = alertCauses[alert.cause].short[language].toLowerCase();
  return [say('recoveredFact', { at, cause, since: momentOf(alert.since, language) }), say('recoveredNext')];
}

function dueWords({ facility, feed }: AlertRow, rules: WatchRules, language: Language): string {
  const say = speaker(alertMail, language);
  const rhythm = feedNamed(feed ?? 'ed-visits')?.rhythm;
  if (rhythm?.every === 'minutes') return say('everyMinutes', { minutes: rhythm.minutes ?? 60 });
  const own = facility === null ? undefined : rules.of(facility).before;
  return say('everyDay', { before: own ?? rhythm?.before ?? '04:00' });
}

/** ", passages du 18/11 au 19/11"; nothing where days mean nothing. */
function daysOf(days: readonly Day[], language: Language): string {
  const [from, to] = [days[0], days.at(-1)];
  if (from === undefined || to === undefined) return '';
  const say = speaker(alertMail, language);
  return from === to
    ? say('oneDay', { day: shortDay(from) })
    : say('moreDays', { from: shortDay(from), to: shortDay(to) });
}

/** "19/11" */
export function shortDay(day: Day): string {
  const iso = dayToIso(day);
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}`;
}

/** "le 19/11 à 02:05" */
function momentOf(at: number, language: Language): string {
  const local = instantToFrench(at);
  return fill(alertMail.at[language], { day: local.slice(0, 5), time: local.slice(11, 16) });
}

function hookText(
  alert: AlertRow,
  { kind, identity, now, language }: MessageAbout,
  {
    region,
    site,
    link,
  }: { readonly region: string; readonly site: string; readonly link: string | undefined },
): string {
  const { id, state, cause, facility, feed, destination, missing, since } = alert;
  return JSON.stringify({
    ...{ type: `alert.${kind}`, id: identity, at: new Date(now).toISOString(), region },
    alert: {
      ...{ id, kind: alert.kind, state, cause, facility, feed, destination, missing },
      site,
      facilities: alert.members.length,
      days: alert.days.map(dayToIso),
      since: new Date(since).toISOString(),
      ending: alert.ending,
    },
    ...{ text: alertCauses[cause].short[language], link: link ?? null },
  });
}
