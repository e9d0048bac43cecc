import { dayFromIso, dayOfInstant, dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { askDays, askedSpan, type PlannedDay, type PlannedPart } from '../../care/ask-days.ts';
import { deadAfterMs } from '../../monitor/causes.ts';
import { feedWords } from '../charts/feed-words.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing, type Html } from '../html.ts';
import type { Answer, Page, PageContext } from '../page.ts';
import { badge, facts, formToken } from '../parts.ts';
import type { FacilitySeen } from '../reads/care-reads.ts';
import { capital, count, dayWords, momentWords } from '../words.ts';
import { careAct, carePage, field, ofFacility, pathOf } from './care-frame.ts';
import { refusable, speak, type Refusal } from './care-frame.ts';

/** Days wanted again: chosen, shown with what is held of them, then asked with a reason. */
export function createAskPage({ store, clock, onChange }: PortalDeps): Page {
  return {
    path: '/etablissements/:finess/renvoi',
    see: ['regional-operator', 'hospital-admin'],
    get: (context) => ofFacility(context, (_context, facility) => showAsked(context, facility)),
    act: {
      may: careAct,
      post: (context) =>
        ofFacility(context, (_context, facility) => {
          const { form, actor } = context;
          const days = { from: form('du'), to: form('au') };
          return refusable(
            context,
            async () => {
              if (form('geste') !== 'confirmer') return preview(context, facility, days);
              await askDays({ store, clock }, actor, facility.finess, { ...days, reason: form('reason') });
              onChange();
              return { kind: 'redirect', to: `${context.to('/rattrapage')}#${facility.finess}` };
            },
            (refusal) =>
              refusal.field === 'reason'
                ? preview(context, facility, days, refusal)
                : choose(context, facility, days, refusal),
          );
        }),
    },
  };
}

interface AskedFields {
  readonly from: string;
  readonly to: string;
}

/** Linked to with days in its address, it opens on what they would mean. */
async function showAsked(context: PageContext, facility: FacilitySeen): Promise<Answer> {
  const { query, now } = context;
  const [from, to] = [query.get('du') ?? '', query.get('au') ?? ''];
  const today = dayOfInstant(now);
  const [first, last] = [dayFromIso(from), dayFromIso(to)];
  if (first === undefined || last === undefined || first > last || last - first >= 60 || last > today) {
    const week = { from: dayToIso((today - 7) as Day), to: dayToIso((today - 1) as Day) };
    return choose(context, facility, week);
  }
  return preview(context, facility, { from, to });
}

async function choose(
  context: PageContext,
  facility: FacilitySeen,
  { from, to }: AskedFields,
  refusal?: Refusal,
): Promise<Answer> {
  const say = speak(context.language);
  return carePage(context, facility, {
    ...{ here: say('ask'), refusal },
    sentence: say('askSentence', { name: facility.name }),
    lede: say('askLede'),
    body: html`<section class="sec"><form class="ask" method="post" action="${context.to(pathOf(facility, 'renvoi'))}">${formToken(context.viewer)}${field(
      { name: 'du', fault: 'from', label: say('from'), type: 'date', value: from, required: true },
      refusal,
    )}${field({ name: 'au', fault: 'to', label: say('to'), type: 'date', value: to, required: true }, refusal)}<p class="acts"><button class="btn main">${say('askPreview')}</button><a class="btn" href="${context.to(pathOf(facility))}">${say('cancel')}</a></p></form></section>`,
  });
}

async function preview(
  context: PageContext,
  facility: FacilitySeen,
  days: AskedFields,
  refusal?: Refusal,
): Promise<Answer> {
  const say = speak(context.language);
  const span = askedSpan(days, context.now);
  const plan = await context.read(({ care }) => care.planOf(facility.finess, span));
  const wanted = span.to - span.from + 1;
  const askable = plan.some(
    ({ deaf, days: each }) => deaf !== 'revoked' && each.some(({ askedBy }) => askedBy === undefined),
  );
  const nobody = plan.length === 0 ? html`<p class="note">${say('askNobody')}</p>` : nothing;
  return carePage(context, facility, {
    ...{ here: say('ask'), refusal },
    sentence: say(wanted === 1 ? 'askPreviewSentenceOne' : 'askPreviewSentence', {
      ...{ days: wanted, name: facility.name },
    }),
    lede:
      wanted === 1
        ? capital(dayWords(span.from, 'long', context.language))
        : say('span', {
            from: dayWords(span.from, 'long', context.language),
            to: dayWords(span.to, 'long', context.language),
          }),
    body: html`${nobody}${plan.map((part) => partPlan(context, part, span))}${
      askable ? confirmForm(context, facility, days, refusal) : nothing
    }<p class="sec"><a class="btn" href="${context.to(pathOf(facility, 'renvoi'))}">${say('askChange')}</a></p>`,
  });
}

function confirmForm(
  context: PageContext,
  facility: FacilitySeen,
  { from, to }: AskedFields,
  refusal: Refusal | undefined,
): Html {
  const say = speak(context.language);
  return html`<form class="ask sec" method="post" action="${context.to(pathOf(facility, 'renvoi'))}">${formToken(context.viewer)}<input type="hidden" name="du" value="${from}" /><input type="hidden" name="au" value="${to}" />${field(
    {
      ...{ name: 'reason', label: say('reason'), hint: say('askReasonHint'), type: 'area' },
      ...{ most: 500, required: true },
    },
    refusal,
  )}<p class="acts"><button class="btn main" name="geste" value="confirmer">${say('askConfirm')}</button><a class="btn" href="${context.to(pathOf(facility))}">${say('cancel')}</a></p></form>`;
}

function partPlan(
  context: PageContext,
  plan: PlannedPart,
  { from, to }: { readonly from: Day; readonly to: Day },
): Html {
  const { language } = context;
  const say = speak(language);
  const { part, agentName, days } = plan;
  const { name } = feedWords(part.feed, language);
  const message = say(days.length === 1 ? 'askMessageOne' : 'askMessageText', {
    ...{ from: dayWords(from, 'short', language), to: dayWords(to, 'short', language) },
    ...{ days: days.length, part: part.part },
  });
  return html`<section class="cols even sec"><div class="card pad"><h2>${name}</h2>${facts([
    [say('askAgent'), agentName],
    [say('askPart'), part.part],
    [say('askHears'), hearing(context, plan)],
  ])}<p class="small faint">${say('askMessage')}</p><p class="note info">${message}</p></div>${dayTable(context, days, name)}</section>`;
}

function hearing({ language, now }: PageContext, { heardAt, deaf }: PlannedPart): Html {
  const say = speak(language);
  const told = (mark: Html, words: string): Html => html`${mark}<br /><small>${words}</small>`;
  if (deaf !== undefined)
    return told(badge('silent', 's', say('askDeafWord')), say(deaf === 'old' ? 'askOld' : 'askRevoked'));
  if (heardAt === undefined) return told(badge('late', 't', say('askLaterWord')), say('askNever'));
  const at = momentWords(heardAt, now, language);
  return now - heardAt <= deadAfterMs
    ? told(badge('ok', 'k', say('askSoonWord')), say('askSoon', { at }))
    : told(badge('late', 't', say('askLaterWord')), say('askLater', { at }));
}

function dayTable({ language }: PageContext, days: readonly PlannedDay[], feed: string): Html {
  const say = speak(language);
  const rows = days.map(
    ({ day, held, askedBy }) =>
      html`<tr><th scope="row">${dayWords(day, 'short', language)}</th><td class="num">${count(held, language)}</td><td>${
        askedBy === undefined ? say('askYes') : say('askAlready', { n: askedBy })
      }</td></tr>`,
  );
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${feed}"><table class="tab"><caption>${feed}</caption><thead><tr><th scope="col">${say('day')}</th><th scope="col" class="num">${say('askHeld')}</th><th scope="col">${say('askWould')}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
