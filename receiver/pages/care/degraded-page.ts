import { dayOfInstant, dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { countByHand, degradedBackDays, startDegraded, stopDegraded } from '../../care/declare.ts';
import { dailyFeeds } from '../../monitor/rhythm.ts';
import type { DegradedPeriod, HandCount } from '../../store/care-tables.ts';
import type { CountedDay } from '../../store/watch-tables.ts';
import { feedWords } from '../charts/feed-words.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing, type Html } from '../html.ts';
import type { ActContext, Answer, Page, PageContext } from '../page.ts';
import { formToken } from '../parts.ts';
import type { FacilitySeen } from '../reads/care-reads.ts';
import { count, dayWords } from '../words.ts';
import { careForm, carePage, careSee, field, mayAct, ofFacility, pathOf } from './care-frame.ts';
import { speak, type Refusal } from './care-frame.ts';

/** Days on paper: declared, counted by hand, and compared with what comes in the end. */
export function createDegradedPage({ store, clock, onChange }: PortalDeps): Page {
  const deps = { store, clock };
  const act = async ({ form, actor }: ActContext, { finess }: FacilitySeen): Promise<void> => {
    const reason = form('reason');
    switch (form('geste')) {
      case 'declarer':
        return startDegraded(deps, actor, finess, { from: form('from'), reason });
      case 'terminer':
        await stopDegraded(deps, actor, finess, { to: form('to'), reason });
        return undefined;
      default:
        return countByHand(deps, actor, finess, {
          ...{ feed: form('flux'), day: form('day'), count: form('count') },
        });
    }
  };
  return {
    path: '/etablissements/:finess/degrade',
    see: careSee,
    get: (context) => ofFacility(context, show),
    act: careForm(async (context, facility) => {
      await act(context, facility);
      onChange();
      return { kind: 'redirect', to: context.to(pathOf(facility, 'degrade')) };
    }, show),
  };
}

interface Known {
  readonly periods: readonly DegradedPeriod[];
  readonly byHand: readonly HandCount[];
  readonly held: ReadonlyMap<string, readonly CountedDay[]>;
}

async function show(context: PageContext, facility: FacilitySeen, refusal?: Refusal): Promise<Answer> {
  const { language, now } = context;
  const { finess, name } = facility;
  const say = speak(language);
  const today = dayOfInstant(now);
  const first = (today - degradedBackDays) as Day;
  const known: Known = await context.read(async ({ care }) => {
    const held = new Map<string, readonly CountedDay[]>();
    for (const feed of dailyFeeds) held.set(feed.name, await care.heldOf(finess, feed.name, first, today));
    const periods = (await care.degradedOf(finess, 20)).filter(({ to }) => to === null || to >= first);
    return { periods, byHand: await care.handCountsOf(finess, first, today), held };
  });
  const open = known.periods.find(({ to }) => to === null);
  const days = paperDays(known.periods, first, today);
  const sentence =
    open === undefined
      ? say('degradedSentenceOff', { name })
      : say('degradedSentenceOn', { name, from: dayWords(open.from, 'long', language) });
  const backlog = backlogNote(context, facility, known, today);
  return carePage(context, facility, {
    ...{ here: say('degraded'), sentence, lede: say('degradedLede'), refusal },
    body: html`${backlog}<section class="cols even sec">${
      mayAct(context) ? periodForm(context, facility, open, refusal) : nothing
    }<div>${
      days.length === 0 ? html`<p class="muted">${say('degradedNone')}</p>` : dayTable(context, days, known)
    }</div></section>`,
  });
}

function paperDays(periods: readonly DegradedPeriod[], first: Day, today: Day): readonly Day[] {
  const days = new Set<Day>();
  for (const { from, to } of periods)
    for (let day = Math.max(from, first) as Day; day <= Math.min(to ?? today, today); day = (day + 1) as Day)
      days.add(day);
  return [...days].sort((a, b) => b - a);
}

/** Once it has ended: what has come of it since. */
function backlogNote(
  { language, to }: PageContext,
  facility: FacilitySeen,
  { periods, held }: Known,
  today: Day,
): Html {
  const say = speak(language);
  const [last] = periods;
  if (last?.to == null || last.to < today - degradedBackDays) return nothing;
  const feed = dailyFeeds[0]?.name ?? '';
  const filled = (held.get(feed) ?? []).filter(
    ({ day, count: n }) => n > 0 && day >= last.from && day <= (last.to ?? today),
  ).length;
  const days = last.to - last.from + 1;
  if (filled >= days) return html`<p class="note info">${say('degradedAllIn', { days })}</p>`;
  const path = pathOf(facility, `renvoi?du=${dayToIso(last.from)}&au=${dayToIso(last.to)}`);
  return html`<p class="note">${say('degradedEnded', { filled, days })} <a href="${to(path)}">${say('actAsk')}</a></p>`;
}

function periodForm(
  context: PageContext,
  facility: FacilitySeen,
  open: DegradedPeriod | undefined,
  refusal: Refusal | undefined,
): Html {
  const { language, viewer, now, to } = context;
  const say = speak(language);
  const today = dayToIso(dayOfInstant(now));
  const [act, day, words] =
    open === undefined
      ? (['declarer', 'from', 'degradedStart'] as const)
      : (['terminer', 'to', 'degradedStop'] as const);
  const dayLabel = say(open === undefined ? 'degradedSince' : 'degradedUntil');
  return html`<form class="ask" method="post"><h2>${say(words)}</h2>${
    open === undefined ? nothing : html`<p class="muted small">${open.reason} (${open.by})</p>`
  }${formToken(viewer)}${field({ name: day, label: dayLabel, type: 'date', value: today, required: true }, refusal)}${field(
    { name: 'reason', label: say('reason'), type: 'area', most: 500, required: true },
    refusal,
  )}<p class="acts"><button class="btn main" name="geste" value="${act}">${say(words)}</button><a class="btn" href="${to(pathOf(facility))}">${say('cancel')}</a></p></form>`;
}

function dayTable(context: PageContext, days: readonly Day[], { byHand, held }: Known): Html {
  const { language } = context;
  const say = speak(language);
  const rows = days.flatMap((day) =>
    dailyFeeds.map(({ name: feed }) => {
      const counted = byHand.find((each) => each.feed === feed && each.day === day);
      const received = held.get(feed)?.find((each) => each.day === day)?.count ?? 0;
      return html`<tr><th scope="row">${dayWords(day, 'short', language)}</th><td>${
        mayAct(context) ? countForm(context, feed, day, counted) : handCount(context, counted)
      }</td><td class="num" data-l="${say('received')}">${
        received === 0 ? html`<span class="faint">${say('nothingYet')}</span>` : count(received, language)
      }</td><td>${difference(context, counted, received)}</td></tr>`;
    }),
  );
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${say('degradedDays')}"><table class="tab flow"><caption>${say('degradedDays')}</caption><thead><tr><th scope="col">${say('day')}</th><th scope="col">${say('byHand')}</th><th scope="col" class="num">${say('received')}</th><th scope="col">${say('difference')}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function handCount({ language }: PageContext, counted: HandCount | undefined): Html {
  return counted === undefined
    ? html`<span class="faint">${speak(language)('notCounted')}</span>`
    : html`<span class="chip">${count(counted.count, language)}</span> <small>${counted.by}</small>`;
}

function countForm(context: PageContext, feed: string, day: Day, counted: HandCount | undefined): Html {
  const { language, viewer } = context;
  const say = speak(language);
  const iso = dayToIso(day);
  const label = say('countOf', {
    feed: feedWords(feed, language).name,
    day: dayWords(day, 'short', language),
  });
  return html`<form method="post" class="acts">${formToken(viewer)}<input type="hidden" name="geste" value="compter" /><input type="hidden" name="flux" value="${feed}" /><input type="hidden" name="day" value="${iso}" /><label class="sr" for="n-${feed}-${iso}">${label}</label><input class="field tally" id="n-${feed}-${iso}" name="count" inputmode="numeric" maxlength="7" value="${counted?.count ?? ''}" /><button class="btn sm">${say('countSave')}</button></form>`;
}

/** Both are shown; the one never becomes the other. */
function difference({ language }: PageContext, counted: HandCount | undefined, received: number): Html {
  const say = speak(language);
  if (counted === undefined || received === 0) return html`<span class="faint">—</span>`;
  const n = received - counted.count;
  if (n === 0) return html`${say('same')}`;
  return html`${say(n > 0 ? 'more' : 'fewer', { n: count(Math.abs(n), language) })}`;
}
